"""Patterns as automata, in any dialect; and the search for a string that some match and others do not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.diff.schemas.budget import Budget

#: The states from which nothing is found any more, and in which the pattern has been found for good.
DEAD, FOUND = 0, 1

MOST_STATES = 20_000


class Machine(Protocol):
    """The strings in which one pattern is found. States and letters are numbers."""

    start: int

    def read(self, code: int) -> int:
        """Return the letter that stands for a character."""
        ...

    def step(self, state: int, letter: int) -> int:
        """Return the state that a letter leads to."""
        ...

    def accepts(self, state: int) -> bool:
        """Whether the pattern is found in a string that ends here."""
        ...


class Letter(NamedTuple):
    """A character that stands for all that the machines treat alike, and what each machine reads it as."""

    code: int
    read: tuple[int, ...]


class Dialect(Protocol):
    """One way to read patterns."""

    def open(self, pattern: str) -> Machine:
        """Return the machine of a pattern; raise UnsupportedPatternError if it cannot be built."""
        ...

    def choose_letters(self, machines: Sequence[Machine], apart: Iterable[int]) -> list[Letter]:
        """Return the plainest character of each kind that the machines tell apart, and each in `apart`."""
        ...


class LanguageTooLargeError(Exception):
    """Control flow: the search has seen more states than it may."""


class Search(NamedTuple):
    """Strings that the first `matching` machines find and the others do not, but for those excluded."""

    machines: Sequence[Machine]
    matching: int
    least: int
    most: int | None
    excluded: Sequence[str]

    def find(self, letters: Sequence[Letter], budget: Budget) -> str | None:
        """Return a shortest such string of these letters; None if there is none."""
        tree = _Excluded(self.excluded)
        machines, matching = self.machines, self.matching
        start = (0, 0, *(machine.start for machine in machines))
        if self._refuses(start[2:]):
            return None
        if self._takes(start, tree):
            return ""
        came_from: dict[tuple[int, ...], tuple[tuple[int, ...], int] | None] = {start: None}
        steps = [machine.step for machine in machines]
        level = [start]
        length = 0
        while level and (self.most is None or length < self.most):
            length += 1
            counted = min(length, self.least)
            following: list[tuple[int, ...]] = []
            for current in level:
                budget.spend(len(letters))
                states = current[2:]
                for code, read in letters:
                    reached = [
                        step(state, letter) for step, state, letter in zip(steps, states, read, strict=True)
                    ]
                    if DEAD in reached[:matching] or FOUND in reached[matching:]:
                        continue
                    key = (counted, tree.step(current[1], code), *reached)
                    if key in came_from:
                        continue
                    came_from[key] = (current, code)
                    if self._takes(key, tree):
                        return _spell(key, came_from)
                    following.append(key)
                if len(came_from) > MOST_STATES:
                    raise LanguageTooLargeError
            level = following
        return None

    def _refuses(self, states: tuple[int, ...]) -> bool:
        return DEAD in states[: self.matching] or FOUND in states[self.matching :]

    def _takes(self, key: tuple[int, ...], tree: _Excluded) -> bool:
        if key[0] < self.least or key[1] in tree.ends:
            return False
        return all(
            machine.accepts(state) is (at < self.matching)
            for at, (machine, state) in enumerate(zip(self.machines, key[2:], strict=True))
        )


def contains(machine: Machine, text: str) -> bool:
    """Whether a pattern is found in a string."""
    state = machine.start
    for character in text:
        if state in (DEAD, FOUND):
            break
        state = machine.step(state, machine.read(ord(character)))
    return machine.accepts(state)


class _Excluded:
    """The tree of some strings; the node -1 is outside of it."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._nodes: dict[tuple[int, int], int] = {}
        self.ends: set[int] = set()
        for text in texts:
            node = 0
            for character in text:
                node = self._nodes.setdefault((node, ord(character)), len(self._nodes) + 1)
            self.ends.add(node)

    def step(self, node: int, code: int) -> int:
        return self._nodes.get((node, code), -1)


def _spell(key: tuple[int, ...], came_from: dict[tuple[int, ...], tuple[tuple[int, ...], int] | None]) -> str:
    codes: list[int] = []
    step = came_from[key]
    while step is not None:
        codes.append(step[1])
        step = came_from[step[0]]
    return "".join(map(chr, reversed(codes)))
