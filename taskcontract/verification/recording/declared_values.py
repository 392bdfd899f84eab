"""Values for the places of an example that the declared type alone says something of."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from taskcontract.declare.examples import find_taken
from taskcontract.errors import ContractError
from taskcontract.model.rule_path import ANY_INDEX, ANY_KEY, parse_rule_path

if TYPE_CHECKING:
    from taskcontract.declare.codec import Codec
    from taskcontract.model.canonical import Json
    from taskcontract.model.rule_path import Step

__all__ = ["Open", "fill_open"]

MOST = 5
"""Values of a type that are looked through for one that has the place."""
ABSENT: Any = object()


@dataclass(frozen=True, slots=True)
class Open:
    """In an example, the place at `path` for which a value is to be made up."""

    path: str


def fill_open(value: Any, codec: Codec) -> Any:
    """Return `value` with what the type of `codec` has at the places that are open.

    Raises a ContractError where it has none that is found.
    """
    if isinstance(value, Open):
        return _find(codec, value.path)
    if isinstance(value, dict):
        return {name: fill_open(member, codec) for name, member in value.items()}
    if isinstance(value, list):
        return [fill_open(item, codec) for item in value]
    return value


def _find(codec: Codec, path: str) -> Json:
    for candidate in islice(find_taken(codec), MOST):
        found = _follow(candidate, parse_rule_path(path))
        if found is not ABSENT:
            return found
    raise ContractError(
        f"no value of the declared type is found for {path} of the example",
        do="Give one: match.from_spec(example).",
    )


def _follow(value: Any, steps: tuple[Step, ...]) -> Any:
    for step in steps:
        if isinstance(value, dict) and (step is ANY_KEY or step in value):
            value = next(iter(value.values()), ABSENT) if step is ANY_KEY else value[step]
        elif isinstance(value, list) and (step in (ANY_INDEX, ANY_KEY) or str(step).isdecimal()):
            index = int(step) if isinstance(step, str) else 0
            value = value[index] if index < len(value) else ABSENT
        else:
            return ABSENT
    return value
