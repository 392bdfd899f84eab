"""What a contract file cannot hold is refused where it is recorded, as files are written at the very end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError
from taskcontract.model.writable import find_unwritable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare import Task
    from taskcontract.model.canonical import Json

__all__ = ["refuse_other_than_text", "refuse_unwritable", "refuse_unwritable_call"]


def refuse_unwritable(value: Any, subject: str, *, do: str) -> None:
    """Raise the ContractError that says where inside `value`, which is `subject`, JSON has no form for it."""
    found = find_unwritable(value)
    if found is not None:
        place, fault = found
        at = "" if place == "$" else f", at {place}"
        raise ContractError(f"{subject}{at}: {fault}, and cannot stand in a contract", do=do)


def refuse_other_than_text(value: Any, subject: str) -> None:
    """Raise the ContractError that says that `value`, which is `subject`, is not a string for a contract."""
    if not isinstance(value, str):
        raise ContractError(f"{subject} is {value!r}, and must be a text", do="Give a text.")
    refuse_unwritable(value, subject, do="Give a text.")


def refuse_unwritable_call(task: Task[..., Any], args: Sequence[Json], kwargs: Mapping[str, Json]) -> None:
    """Raise the ContractError that names the parameter whose value no contract can hold."""
    places = [slot.name for slot in task.binder.slots if slot.kind.startswith("positional")]
    rest = next((slot.name for slot in task.binder.slots if slot.kind == "var-positional"), "args")
    values = {
        places[index] if index < len(places) else f"*{rest}[{index - len(places)}]": value
        for index, value in enumerate(args)
    }
    for name, value in {**values, **kwargs}.items():
        do = "Let the code under test send a value that JSON can hold: the provider's worker gets no other."
        refuse_unwritable(value, f"parameter {name!r} of {task.id}", do=do)
