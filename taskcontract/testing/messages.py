"""Hypothesis strategies for what travels: the calls that a version takes, and the results that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import strategies as st
from pydantic_core import ValidationError

from taskcontract.declare.refusal import refusal_of
from taskcontract.declare.slots import HOLE
from taskcontract.testing.json_values import values_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from taskcontract.declare.binder import Binder
    from taskcontract.declare.codec import Codec
    from taskcontract.declare.slots import Slot
    from taskcontract.declare.task import Task

__all__ = ["RETURN", "Given", "arguments_of", "calls_of", "results_of"]

Given: TypeAlias = "Mapping[str | type[Exception], SearchStrategy[Any]]"
"""What a caller gives for one version: strategies of typed values, by parameter, and of errors, by class."""

RETURN = "return"
"""The name that a result goes by among a task's strategies, as in a function's annotations."""


def calls_of(task: Task[..., Any], given: Given) -> SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Generate messages' args and kwargs, in their JSON form, that `task` takes, passed in every allowed way.

    `given` are strategies of typed values, by parameter; the others come from the types' schemas.
    """
    slots = task.binder.slots
    return _calls([(slot, _encoded(task, slot, given)) for slot in slots])


def arguments_of(binder: Binder) -> SearchStrategy[tuple[tuple[Any, ...], dict[str, Any]]]:
    """Typed args and kwargs of a call of any function, from its parameters' types."""
    calls = _calls([(slot, _valid(slot.item)) for slot in binder.slots])
    return calls.map(lambda call: binder.decode_call(*call))


@st.composite
def _calls(
    draw: DrawFn, slots: Sequence[tuple[Slot, SearchStrategy[Any]]]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    positional = True
    taken = {slot.name for slot, _ in slots if slot.kind != "positional-only"}
    for slot, values in slots:
        if slot.kind == "var-positional":
            args.extend(draw(st.lists(values, max_size=3)) if positional else ())
        elif slot.kind == "var-keyword":
            names = st.text().filter(lambda name: name not in taken)
            kwargs.update(draw(st.dictionaries(names, values, max_size=3)))
        elif slot.default is not HOLE and not draw(st.booleans()):
            positional = False
        elif slot.kind == "positional-only":
            if positional:  # one that follows an argument left out can't be given
                args.append(draw(values))
        elif slot.kind == "keyword-only" or not positional or draw(st.booleans()):
            kwargs[slot.name] = draw(values)
            positional = False
        else:
            args.append(draw(values))
    return tuple(args), kwargs


def results_of(task: Task[..., Any], given: Given) -> SearchStrategy[Any]:
    """Typed results of `task`."""
    if RETURN in given:
        return given[RETURN]
    codec = task.binder.result
    return _valid(codec).map(codec.decode)


def _encoded(task: Task[..., Any], slot: Slot, given: Given) -> SearchStrategy[Any]:
    def encode(value: Any) -> Any:
        try:
            return slot.item.encode(slot.item.check(value))
        except ValidationError as error:
            raise refusal_of(task.function, slot, value, error) from None

    return given[slot.name].map(encode) if slot.name in given else _valid(slot.item)


def _valid(codec: Codec) -> SearchStrategy[Any]:
    """JSON values that the type itself takes: it may want more than its schema can say."""

    def is_valid(value: Any) -> bool:
        try:
            codec.decode(value)
        except ValidationError:
            return False
        return True

    return values_of(codec.schema("read")).filter(is_valid)
