"""Which of an interaction's rules hold at a place: those whose path fits it best, as Pact weighs them.

The paths are a tree, walked down beside the value: a place looks at what is left of its own way, not at
each rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.model.rule_path import ANY_INDEX, ANY_KEY, Step, parse_rule_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.contract import MatchRule

__all__ = ["RulePosition", "open_rules"]


@dataclass(slots=True)
class _Branch:
    """The rules with one path, the path's place among all, and the steps by which longer ones go on."""

    rules: list[MatchRule] = field(default_factory=list)
    order: int = 0
    steps: dict[Step, _Branch] = field(default_factory=dict)


class _Closest(NamedTuple):
    """The closest rules so far. Of equally close ones the last: Pact takes any."""

    weight: int = 0
    order: int = 0
    depth: int = 0
    rules: Sequence[MatchRule] = ()


class RulePosition(NamedTuple):
    """A place in a value: the branches that lead to it, each with Pact's weight for the steps so far."""

    depth: int
    branches: list[tuple[_Branch, int]]
    closest: _Closest

    @property
    def rules(self) -> Sequence[MatchRule]:
        """The rules that hold here."""
        return self.closest.rules

    @property
    def inherited(self) -> bool:
        """Whether they were given for something above."""
        return self.closest.depth < self.depth

    def enter(self, part: str | int) -> RulePosition:
        """Return the member or item `part` of this place."""
        branches: list[tuple[_Branch, int]] = []
        for branch, weight in self.branches:
            if not branch.steps:
                continue
            # An exact step counts twice as much as a wildcard.
            for step, counted in ((part, 2 * weight), (ANY_KEY, weight), (ANY_INDEX, weight)):
                if step is ANY_INDEX and not isinstance(part, int):
                    continue
                further = branch.steps.get(step)
                if further is not None:
                    branches.append((further, counted))
        return _stand(self.depth + 1, branches, self.closest)


def open_rules(rules: Sequence[MatchRule]) -> RulePosition:
    """Return the position of the whole value; raise a ContractError for a rule with an unreadable path."""
    root = _Branch()
    for order, rule in enumerate(rules):
        branch = root
        for step in parse_rule_path(rule.path):
            branch = branch.steps.setdefault(step, _Branch())
        if not branch.rules:
            branch.order = order
        branch.rules.append(rule)
    return _stand(0, [(root, 2)], _Closest())


def _stand(depth: int, branches: list[tuple[_Branch, int]], closest: _Closest) -> RulePosition:
    for branch, weight in branches:
        found = weight * (depth + 1), branch.order
        if branch.rules and found >= closest[:2]:
            closest = _Closest(*found, depth, branch.rules)
    return RulePosition(depth, branches, closest)
