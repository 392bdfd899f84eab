"""An example of what a task returns, by its declared type: what a fake answers unless the test says it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from taskcontract.declare.examples import find_taken
from taskcontract.declare.refusal import spell_type
from taskcontract.errors import ContractError

if TYPE_CHECKING:
    from taskcontract.declare.task import Task
    from taskcontract.model.canonical import Json

__all__ = ["example_result"]

TEXT, NUMBER, DAY = "text", 1, "2020-01-01"
"""What stands instead of the emptiest value of a type, where the type takes it."""


def example_result(task: Task[..., Any]) -> Json:
    """Return the JSON of a result of `task`, the same each time; a ContractError where none is found."""
    codec = task.binder.result
    for value in islice(find_taken(codec), 1):
        return next(find_taken(codec, (_fill(value),)))
    raise ContractError(
        f"{task.id} returns {spell_type(codec.annotation)}, and a fake finds no value of it to return",
        do=f"Say one: fake.on({task.__name__}).returns(...).",
    )


def _fill(value: Json) -> Json:
    """Return `value` with texts, numbers and dates that can be told from nothing."""
    if isinstance(value, dict):
        return {name: _fill(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_fill(item) for item in value]
    if value == "":
        return TEXT
    if isinstance(value, str) and value.startswith("0001-01-01"):
        return DAY + value.removeprefix("0001-01-01")
    return NUMBER if value == 0 and type(value) is int else value
