"""The automaton of a pattern: its states are sets of nodes, made when they are first reached."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.machines import DEAD, FOUND
from taskcontract.diff.schemas.regex.rust.looks import (
    ASCII_WORD,
    EDGE,
    NEWLINE,
    RETURN,
    WORD,
    is_held,
    list_needs,
)
from taskcontract.diff.schemas.regex.rust.nodes import MATCH, Check, Nodes, Step
from taskcontract.diff.schemas.regex.rust.oracle import list_characters
from taskcontract.diff.schemas.regex.rust.sets import partition

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.trees import Tree
    from taskcontract.model.character_ranges import Ranges


class RustMachine:
    """Reads a string letter by letter; a letter stands for characters that the pattern treats alike."""

    def __init__(self, tree: Tree, budget: Budget) -> None:
        self._budget = budget
        nodes = Nodes(tree, budget)
        self._nodes = nodes.all
        needs = list_needs(node.kind for node in nodes.all if isinstance(node, Check))
        facts = _list_facts(needs, budget)
        marks = {fact: nodes.find_set(ranges) for fact, ranges in facts.items()}
        self._split(list(nodes.sets), marks)
        self._edge = needs & EDGE
        self._expanded: dict[int, frozenset[int]] = {}
        self._begin = self._expand(nodes.start)
        # What can only begin at the edge need not be begun again behind each character.
        sides = {*self._facts, self._edge}
        self._anchored = not any(
            self._reach(self._begin, before, behind) for before in self._facts for behind in sides
        )
        self._states: dict[tuple[frozenset[int], int], int] = {}
        self._members: list[tuple[frozenset[int], int]] = [(frozenset(), 0)] * 2
        size = len(self._facts)
        self._table: list[list[int]] = [[DEAD] * size, [FOUND] * size]
        self._taking: list[bool | None] = [False, True]
        self.start = self._find_state(self._begin, self._edge)

    def read(self, code: int) -> int:
        """Return the letter that stands for a character."""
        return self._letters[bisect_right(self.starts, code) - 1]

    def step(self, state: int, letter: int) -> int:
        """Return the state that a letter leads to."""
        reached = self._table[state][letter]
        if reached < 0:
            self._budget.spend()
            reached = self._table[state][letter] = self._move(state, letter)
        return reached

    def accepts(self, state: int) -> bool:
        """Whether the pattern is found in a string that ends here."""
        taking = self._taking[state]
        if taking is None:
            members, before = self._members[state]
            taking = self._taking[state] = MATCH in self._reach(members, before, self._edge)
        return taking

    def _split(self, sets: list[Ranges], marks: dict[int, int]) -> None:
        letters: dict[int, int] = {}
        self.starts: list[int] = []
        self._letters: list[int] = []
        for code, held in partition(sets):
            self.starts.append(code)
            self._letters.append(letters.setdefault(held, len(letters)))
        self._held = list(letters)
        self._facts = [
            sum(fact for fact, number in marks.items() if held >> number & 1) for held in self._held
        ]

    def _expand(self, node: int) -> frozenset[int]:
        """Return the nodes that `node` leads to before a character or a check is needed."""
        found = self._expanded.get(node)
        if found is None:
            seen = {node}
            waiting = [node]
            kept: list[int] = []
            while waiting:
                current = waiting.pop()
                ways = self._nodes[current]
                if current == MATCH or isinstance(ways, Step | Check):
                    kept.append(current)
                    continue
                for way in ways:
                    if way not in seen:
                        seen.add(way)
                        waiting.append(way)
            found = self._expanded[node] = frozenset(kept)
        return found

    def _reach(self, members: frozenset[int], before: int, behind: int) -> frozenset[int]:
        """Return the nodes that are reached from `members` through the checks that hold here."""
        checks = [node for node in members if isinstance(self._nodes[node], Check)]
        if not checks:
            return members
        seen = set(members)
        waiting = checks
        while waiting:
            check = self._nodes[waiting.pop()]
            if isinstance(check, Check) and is_held(check.kind, before, behind):
                fresh = self._expand(check.then) - seen
                seen |= fresh
                waiting.extend(fresh)
        return frozenset(node for node in seen if not isinstance(self._nodes[node], Check))

    def _move(self, state: int, letter: int) -> int:
        members, before = self._members[state]
        held, behind = self._held[letter], self._facts[letter]
        reached: set[int] = set()
        for node in self._reach(members, before, behind):
            if node == MATCH:
                return FOUND
            step = self._nodes[node]
            if isinstance(step, Step) and held >> step.number & 1:
                reached |= self._expand(step.then)
        if not self._anchored:
            reached |= self._begin
        return self._find_state(frozenset(reached), behind)

    def _find_state(self, members: frozenset[int], before: int) -> int:
        if MATCH in members:
            return FOUND
        if not members:
            return DEAD
        key = (members, before)
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = len(self._table)
            self._members.append(key)
            self._table.append([-1] * len(self._facts))
            self._taking.append(None)
        return found


def _list_facts(needs: int, budget: Budget) -> dict[int, Ranges]:
    """Return the characters for which each of the needed facts holds."""
    known: dict[int, Ranges] = {NEWLINE: ((10, 10),), RETURN: ((13, 13),)}
    found = {fact: ranges for fact, ranges in known.items() if needs & fact}
    if needs & WORD:
        found[WORD] = list_characters(r"\w", budget)
    if needs & ASCII_WORD:
        found[ASCII_WORD] = list_characters(r"(?-u:\w)", budget)
    return found
