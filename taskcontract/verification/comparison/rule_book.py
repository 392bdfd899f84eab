"""Which of an interaction's rules hold at a place: those whose path fits it best, as Pact weighs them.

The paths are a tree, walked down beside the value: a place looks at what is left of its own way, not at
each rule.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.model.matchers import DECLARED, NULLABLE, OURS
from taskcontract.model.rule_path import ANY_INDEX, ANY_KEY, Step, is_index, parse_rule_path, spell_fragment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.contract import MatchRule

__all__ = ["RulePosition", "open_items", "open_rules"]


@dataclass(slots=True)
class _Branch:
    """The rules with one path, the path's place among all, and the steps by which longer ones go on.

    `ours` are rules that Pact does not know: they weigh nothing. `to_ours` are the steps that lead to some.
    """

    rules: list[MatchRule] = field(default_factory=list)
    ours: list[MatchRule] = field(default_factory=list)
    order: int = 0
    steps: dict[Step, _Branch] = field(default_factory=dict)
    to_ours: dict[Step, _Branch] = field(default_factory=dict)


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

    @property
    def own(self) -> Sequence[MatchRule]:
        """The rules that were given for this very place, though others may be closer by weight."""
        if not self.inherited:
            return self.closest.rules
        return next((branch.rules for branch, _ in self.branches if branch.rules), ())

    @property
    def nullable(self) -> bool:
        """Whether null may stand here, which is ours to say and not Pact's."""
        return any(rule.match == NULLABLE for branch, _ in self.branches for rule in branch.ours)

    @property
    def declared(self) -> bool:
        """Whether the declared type alone says what may stand here."""
        return any(rule.match == DECLARED for branch, _ in self.branches for rule in branch.ours)

    def enter(self, part: str | int) -> RulePosition:
        """Return the member or item `part` of this place."""
        branches: list[tuple[_Branch, int]] = []
        fragment = spell_fragment(part)
        for branch, weight in self.branches:
            if not branch.steps:
                continue
            # An exact step counts twice as much as a wildcard.
            for step, counted in ((fragment, 2 * weight), (ANY_KEY, weight), (ANY_INDEX, weight)):
                if step is ANY_INDEX and not is_index(fragment):
                    continue
                further = branch.steps.get(step)
                if further is not None:
                    branches.append((further, counted))
        return _stand(self.depth + 1, branches, self.closest)

    def list_below(self) -> list[tuple[Step, MatchRule]]:
        """Return the rules of ours that are one step further, each with that step."""
        return [
            (step, rule)
            for branch, _ in self.branches
            for step, further in branch.to_ours.items()
            for rule in further.ours
        ]


def open_rules(rules: Sequence[MatchRule]) -> RulePosition:
    """Return the position of the whole value; raise a ContractError for a rule with an unreadable path."""
    root = _Branch()
    loose: list[MatchRule] = []
    for order, rule in enumerate(rules):
        if rule.path == "":  # as far from everything as can be
            loose.append(rule)
            continue
        branch = above = root
        steps = parse_rule_path(rule.path)
        for step in steps:
            above, branch = branch, branch.steps.setdefault(step, _Branch())
        if rule.match in OURS:
            branch.ours.append(rule)
            if steps:
                above.to_ours[steps[-1]] = branch
            continue
        if not branch.rules:
            branch.order = order
        branch.rules.append(rule)
    return _stand(0, [(root, 2)], _Closest(0, -1, -1, loose))


def open_items(rules: Sequence[MatchRule]) -> RulePosition:
    """Return the position of an object or array for whose members, and nothing else, there are `rules`."""
    inside = _Branch(steps={ANY_KEY: _Branch(list(rules))})
    return _stand(0, [(inside, 2)], _Closest(0, -1, -1))


def _stand(depth: int, branches: list[tuple[_Branch, int]], closest: _Closest) -> RulePosition:
    for branch, weight in branches:
        found = weight * (depth + 1), branch.order
        if branch.rules and found >= closest[:2]:
            closest = _Closest(*found, depth, branch.rules)
    return RulePosition(depth, branches, closest)
