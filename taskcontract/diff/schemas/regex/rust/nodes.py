"""A pattern's tree as a graph of nodes, each of which knows what follows it: equal ends become one node."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from taskcontract.diff.schemas.regex.characters import Characters
from taskcontract.diff.schemas.regex.trees import Choice, Concatenation, Look, Repeat, UnsupportedPatternError

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.trees import Tree
    from taskcontract.model.character_ranges import Ranges

MOST_NODES = 20_000

#: The node behind which nothing is left to match.
MATCH = 0


class Step(NamedTuple):
    """A character of the set of this number, then the node `then`."""

    number: int
    then: int


class Check(NamedTuple):
    """What the characters around must satisfy, then the node `then`."""

    kind: str
    then: int


#: A fork goes on with any of its nodes.
Node: TypeAlias = "Step | Check | tuple[int, ...]"


class Nodes:
    """The graph of one pattern; `start` is where it begins."""

    def __init__(self, tree: Tree, budget: Budget) -> None:
        self.all: list[Node] = [()]
        self.sets: dict[Ranges, int] = {}
        self._budget = budget
        self._made: dict[tuple[type, Node], int] = {}
        self.start = self._build(tree, MATCH)

    def find_set(self, ranges: Ranges) -> int:
        """Return the number of a set of characters; a new set gets the next one."""
        return self.sets.setdefault(ranges, len(self.sets))

    def _make(self, node: Node) -> int:
        # A fork to two nodes and a step are equal as tuples.
        key = (type(node), node)
        found = self._made.get(key)
        if found is None:
            self._budget.spend()
            found = self._made[key] = len(self.all)
            self.all.append(node)
            if found > MOST_NODES:
                raise UnsupportedPatternError("it is too large")
        return found

    def _fork(self, ways: list[int]) -> int:
        distinct = tuple(sorted(set(ways)))
        return distinct[0] if len(distinct) == 1 else self._make(distinct)

    def _build(self, tree: Tree, then: int) -> int:
        if isinstance(tree, Characters):
            return self._make(Step(self.find_set(tree.ranges), then))
        if isinstance(tree, Look):
            return self._make(Check(tree.kind, then))
        if isinstance(tree, Choice):
            return self._fork([self._build(branch, then) for branch in tree.branches])
        if isinstance(tree, Repeat):
            return self._repeat(tree, then)
        for part in reversed(tree.parts if isinstance(tree, Concatenation) else ()):
            then = self._build(part, then)
        return then

    def _repeat(self, tree: Repeat, then: int) -> int:
        least = tree.least
        if tree.most is None:
            again = len(self.all)
            self.all.append(())
            body = self._build(tree.part, again)
            self.all[again] = tuple({body: None, then: None})
            if least:
                then, least = body, least - 1
            else:
                then = again
        else:
            leave = then
            for _ in range(tree.most - least):
                self._budget.spend()
                then = self._fork([self._build(tree.part, then), leave])
        for _ in range(least):
            self._budget.spend()
            then = self._build(tree.part, then)
        return then
