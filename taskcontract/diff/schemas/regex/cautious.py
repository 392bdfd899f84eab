"""Patterns as ECMA-262 or as Python reads them: machines whose states are derivatives of languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.regex.building import build_search
from taskcontract.diff.schemas.regex.characters import Characters, find_representatives
from taskcontract.diff.schemas.regex.languages import (
    EVERYTHING,
    NOTHING,
    Complement,
    Intersection,
    Language,
    Languages,
    LanguageUnion,
    OneOfCharacters,
    Repeated,
    Then,
)
from taskcontract.diff.schemas.regex.machines import DEAD, FOUND, Letter
from taskcontract.diff.schemas.regex.syntax import parse_pattern
from taskcontract.diff.schemas.regex.trees import UnsupportedPatternError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.machines import Machine


class CautiousDialect:
    """ECMA-262, or Python, restricted to what both can read."""

    def __init__(self, budget: Budget, python: bool) -> None:
        self._languages = Languages(budget, python)

    def open(self, pattern: str) -> Machine:
        """Return the machine of a pattern; raise UnsupportedPatternError if it cannot be built."""
        tree = parse_pattern(pattern)
        if isinstance(tree, str):
            raise UnsupportedPatternError(tree)
        return _DerivativeMachine(build_search(tree, self._languages), self._languages)

    def choose_letters(self, machines: Sequence[Machine], apart: Iterable[int]) -> list[Letter]:
        """Return a character for each set that the machines tell apart, and for each code in `apart`."""
        sets = {Characters(((code, code),)) for code in apart}
        for machine in cast("Sequence[_DerivativeMachine]", machines):
            sets |= _find_sets(machine.language)
        return [
            Letter(code, (code,) * len(machines))
            for code in find_representatives(sets, self._languages.python)
        ]


class _DerivativeMachine:
    """A letter is a character's code, a state the number of a language: what may follow."""

    def __init__(self, language: Language, languages: Languages) -> None:
        self.language = language
        self._languages = languages
        self._states: list[Language] = [NOTHING, EVERYTHING]
        self._numbers: dict[Language, int] = {NOTHING: DEAD, EVERYTHING: FOUND}
        self._table: dict[tuple[int, int], int] = {}
        self.start = self._number(language)

    def read(self, code: int) -> int:
        return code

    def step(self, state: int, letter: int) -> int:
        found = self._table.get((state, letter))
        if found is None:
            found = self._number(self._languages.derive(self._states[state], letter))
            self._table[state, letter] = found
        return found

    def accepts(self, state: int) -> bool:
        return self._states[state].has_empty

    def _number(self, language: Language) -> int:
        found = self._numbers.get(language)
        if found is None:
            found = self._numbers[language] = len(self._states)
            self._states.append(language)
        return found


def _find_sets(language: Language) -> set[Characters]:
    found: set[Characters] = set()
    seen: set[Language] = set()
    waiting = [language]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        if isinstance(current, OneOfCharacters):
            found.add(current.characters)
        elif isinstance(current, Then):
            waiting += (current.first, current.second)
        elif isinstance(current, LanguageUnion | Intersection):
            waiting.extend(current.parts)
        elif isinstance(current, Complement | Repeated):
            waiting.append(current.part)
    return found
