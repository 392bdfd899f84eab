"""The places of a call's arguments: which parameter, and which of its values."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, ValidationError

from taskcontract.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.declare import Task
    from taskcontract.declare.slots import Slot
    from taskcontract.verification.recording.checked_call import CheckedCall

__all__ = ["Place", "bind_call", "bind_expected", "spell_place"]

Place = tuple[str, int | str]
"""A parameter, and which of its values: of `*args` by index, of `**kwargs` by name; else the empty text."""


def bind_expected(task: Task[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[Place, Any]:
    """Return the values by place of a call of `task` as the test writes it; a ContractError if it is none."""
    try:
        bound = task.signature_of_function.bind(*args, **kwargs)
    except TypeError as error:
        raise ContractError(
            f"the expected arguments are no call of {task.id}: {error}",
            do="Say all arguments as in a call of it; match.like(example) takes any value of its type.",
        ) from None
    bound.apply_defaults()
    return dict(_places(task.binder.slots, bound.arguments))


def bind_call(call: CheckedCall) -> dict[Place, Any]:
    """Return the arguments of a call by place, as they were sent, with the defaults of those left out."""
    task = call.task
    hidden = {name for name in call.arguments.plain_kwargs if name not in call.kwargs}
    own = {name: value for name, value in call.arguments.plain_kwargs.items() if name not in hidden}
    bound = task.signature_of_function.bind(*call.arguments.plain_args, **own)
    given = dict(_places(task.binder.slots, bound.arguments))
    bound.apply_defaults()
    for slot in task.binder.slots:
        if (slot.name, "") not in given and slot.name in bound.arguments:
            with suppress(ValidationError, PydanticSerializationError):
                default = bound.arguments[slot.name]
                if not slot.kind.startswith("var-"):
                    given[slot.name, ""] = slot.item.encode(slot.item.check(default))
    return given


def _places(slots: Sequence[Slot], arguments: Mapping[str, Any]) -> Iterator[tuple[Place, Any]]:
    for slot in slots:
        if slot.name not in arguments:
            continue
        value = arguments[slot.name]
        if slot.kind == "var-positional":
            yield from (((slot.name, index), item) for index, item in enumerate(value))
        elif slot.kind == "var-keyword":
            yield from (((slot.name, name), item) for name, item in value.items())
        else:
            yield (slot.name, ""), value


def spell_place(place: Place) -> str:
    """Return a place as it is shown."""
    name, part = place
    if isinstance(part, int):
        return f"*{name}[{part}]"
    return part or name
