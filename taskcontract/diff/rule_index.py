"""The index of the rules: which there are, by the files of `rules/`, and what each finds on a pair."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, cast, get_args

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.diff.rule import Rule
    from taskcontract.model.finding import Bump, Direction, Finding, Severity

__all__ = [
    "Room",
    "RuleInfo",
    "check_rule_ids",
    "check_rules",
    "describe_rule",
    "find_room",
    "list_rule_ids",
    "list_rules",
]

RULES = "taskcontract.diff.rules"

Room = Literal[
    "services", "tasks", "signatures", "parameters", "remainder", "payloads", "results", "delivery", "canvas"
]


class RuleModule(Protocol):
    """What a rule's file holds."""

    RULE: Rule

    def check(self, pair: Any, /) -> Iterable[Finding]:
        """Yield the findings of this rule on one pair."""
        ...


class RuleInfo(NamedTuple):
    """A rule as data: `summary` is its first line, `text` the whole of what `explain` prints."""

    id: str
    room: Room
    severity: Severity
    directions: tuple[Direction, ...]
    bump: Bump
    summary: str
    text: str


def check_rules(room: Room, pair: Any) -> Iterator[Finding]:
    """Yield the findings of all rules of `room` on `pair`."""
    for check in _checks_of(room):
        yield from check(pair)


def list_rule_ids() -> list[str]:
    """Return the ids of all rules, sorted, without importing any of them."""
    return sorted(rule for room in get_args(Room) for rule in _files_of(room))


def check_rule_ids(ids: Iterable[str], *, others: Iterable[str] = ()) -> None:
    """Raise ConfigError for the first of `ids` that is not a rule's, naming the nearest one.

    `others` are rules that are not for a comparison, and are known too.
    """
    known = [*list_rule_ids(), *others]
    for rule in ids:
        if rule not in known:
            from difflib import get_close_matches

            near = get_close_matches(rule, known, n=1)
            meant = f"Did you mean {near[0]!r}? " if near else ""
            raise ConfigError(
                f"there is no rule {rule!r}", do=f"{meant}`taskcontract rules` lists all of them."
            )


def list_rules() -> list[RuleInfo]:
    """Return all rules as data, sorted by id."""
    return [describe_rule(rule) for rule in list_rule_ids()]


def describe_rule(rule: str) -> RuleInfo:
    """Return the rule with the id `rule` as data; raise a ConfigError for an unknown id."""
    room = find_room(rule)
    module = _load(room, rule)
    text = (module.__doc__ or "").strip()
    found = module.RULE
    return RuleInfo(
        found.id, room, found.severity, found.directions, found.bump, text.partition("\n")[0], text
    )


def find_room(rule: str) -> Room:
    """Return the folder of the rule with the id `rule`, without importing it."""
    check_rule_ids([rule])
    return next(room for room in get_args(Room) if rule in _files_of(room))


@cache
def _files_of(room: Room) -> tuple[str, ...]:
    files = (Path(__file__).parent / "rules" / room).glob("*.py")
    return tuple(sorted(file.stem.replace("_", "-") for file in files if file.stem != "__init__"))


@cache
def _checks_of(room: Room) -> tuple[Any, ...]:
    return tuple(_load(room, rule).check for rule in _files_of(room))


def _load(room: Room, rule: str) -> RuleModule:
    name = f"{RULES}.{room}.{rule.replace('-', '_')}"
    module = sys.modules.get(name) or import_module(name)
    return cast("RuleModule", module)
