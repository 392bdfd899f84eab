"""Comparing what a task returned with the example and the rules of an interaction, as Pact V4 does.

A rule holds for what is at its path and everything below, until a more specific rule takes over.
What no rule speaks of must be equal. An object may have more members than the example, unless the
comparison is strict; an array must be as long, unless a rule holds for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.model.contract import ANYTHING
from taskcontract.model.matchers import SCHEMA
from taskcontract.model.rule_path import spell_value_path
from taskcontract.verification.comparison.comparison import Comparison
from taskcontract.verification.comparison.differences import EnoughError, WorkSpentError
from taskcontract.verification.comparison.patterns import SECONDS, Patterns
from taskcontract.verification.comparison.rule_book import open_rules
from taskcontract.verification.comparison.wording import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import MatchRule
    from taskcontract.verification.comparison.differences import Difference

__all__ = ["Mismatch", "find_mismatches"]

MOST_WORK = 3_000_000
"""Steps: positions visited, rules applied and values compared with each other; some seconds."""
MOST_MISMATCHES = 1_000


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One difference: at `path` (`$.items[0].id`) stands `actual`, and `what` says why it does not match.

    Its text is `$.size: "12" is not an integer, as in the example 12`.
    """

    path: str
    what: str
    expected: Json
    actual: Json

    def __str__(self) -> str:
        return f"{self.path}: {self.what}"


class Work:
    """The steps that are left to one comparison."""

    __slots__ = ("left",)

    def __init__(self, steps: int) -> None:
        self.left = steps

    def spend(self, steps: int) -> None:
        """Count `steps`; raises WorkSpentError once there are none left."""
        self.left -= steps
        if self.left < 0:
            raise WorkSpentError


def find_mismatches(
    expected: Json, rules: Sequence[MatchRule], actual: Json, *, strict: bool = False
) -> list[Mismatch]:
    """Return where the result `actual` is not what the example `expected` with its `rules` asks for.

    Any two JSON values can be compared. A rule with an unreadable path is a ContractError.
    A pattern that takes too long is a mismatch: nothing is known of that value. So is what is left when there
    is more to compare than `MOST_WORK`, or more is wrong than `MOST_MISMATCHES`.
    """
    if tuple(rules) == (ANYTHING,):
        return []
    found: list[Difference] = []
    last: list[Mismatch] = []
    with Patterns(SECONDS) as patterns:
        comparison = Comparison(patterns, Work(MOST_WORK).spend, MOST_MISMATCHES, strict=strict)
        try:
            comparison.run(expected, open_rules(rules), actual, found)
        except EnoughError:
            last.append(_mismatch(((), "more is wrong than is looked for", expected, actual)))
        except WorkSpentError:
            what = f"{len(rules)} rules and this reply take more than {MOST_WORK:,} steps to compare"
            last.append(_mismatch(((), f"{what}: the contract needs fewer rules", expected, actual)))
    return [*map(_mismatch, found), *last, *_find_undeclared(expected, rules, actual)]


def _find_undeclared(expected: Json, rules: Sequence[MatchRule], actual: Json) -> Iterator[Mismatch]:
    """Yield that `actual` is not of the declared type, where that is to say what may stand somewhere."""
    for rule in rules:
        if rule.match == SCHEMA:
            from taskcontract.diff.schemas.acceptance import Acceptance

            if Acceptance(rule.parameters["schema"]).judge(actual) is False:
                yield _mismatch(((), f"{show(actual)} is not of the declared type", expected, actual))


def _mismatch(difference: Difference) -> Mismatch:
    path, what, expected, actual = difference
    return Mismatch(spell_value_path(path), what, expected, actual)
