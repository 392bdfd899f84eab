"""What one argument shall be, and what is wrong about the one that was sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.comparison.wording import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Generator, MatchRule

__all__ = ["Wanted", "find_faults", "say_rules"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The example of one argument, its rules, how it is shown, and what of it is made anew."""

    example: Json
    rules: tuple[MatchRule, ...]
    shown: str
    generators: tuple[Generator, ...] = ()


def find_faults(wanted: Wanted, given: Json) -> list[str]:
    """Return what is wrong about a value that was sent."""
    found = [_explain(each.path, each.what) for each in find_mismatches(wanted.example, wanted.rules, given)]
    return found if wanted.rules else [*found, *_find_extra("$", wanted.example, given)]


def _find_extra(path: str, wanted: Json, given: Json) -> Iterator[str]:
    """Yield the members that an object has and its example has not: arguments are matched strictly."""
    if isinstance(wanted, dict) and isinstance(given, dict):
        for name in given:
            if name not in wanted:
                yield _explain(path, f"the member {name!r} is not expected")
        for name in wanted:
            yield from _find_extra(f"{path}.{name}", wanted[name], given.get(name))
    elif isinstance(wanted, list) and isinstance(given, list):
        for index, (item, other) in enumerate(zip(wanted, given, strict=False)):
            yield from _find_extra(f"{path}[{index}]", item, other)


def say_rules(example: Json, rules: tuple[MatchRule, ...]) -> str:
    """Return an example with the first of its rules, as it is shown."""
    if not rules:
        return show(example)
    said = [
        f"{rule.match}{f' {_say_parameters(rule)}' if rule.parameters else ''}"
        f"{f' at {rule.path}' if rule.path != '$' else ''}"
        for rule in rules[:3]
    ]
    more = f" and {len(rules) - 3} more" if len(rules) > 3 else ""
    return f"{show(example)} (by {', '.join(said)}{more})"


def _say_parameters(rule: MatchRule) -> str:
    return ", ".join(show(value) for value in rule.parameters.values())


def _explain(path: str, what: str) -> str:
    return what if path == "$" else f"{path}: {what}"
