"""A shortest string of a language, found by walking its derivatives breadth first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.characters import Characters, find_representatives
from taskcontract.diff.schemas.regex.languages import (
    NOTHING,
    Complement,
    Intersection,
    Language,
    Languages,
    OneOfCharacters,
    Repeated,
    Then,
    Union,
)

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget

MOST_STATES = 20_000


class LanguageTooLargeError(Exception):
    """Control flow: the search has seen more states than it may."""


def find_string(language: Language, languages: Languages, budget: Budget) -> str | None:
    """A shortest string of the language; None if it has none."""
    if language is NOTHING:
        return None
    if language.has_empty:
        return ""
    letters = find_representatives(_find_sets(language), languages.python)
    came_from: dict[Language, tuple[Language, int] | None] = {language: None}
    level = [language]
    while level:
        following: list[Language] = []
        for state in level:
            for letter in letters:
                budget.spend()
                reached = languages.derive(state, letter)
                if reached is NOTHING or reached in came_from:
                    continue
                came_from[reached] = (state, letter)
                if reached.has_empty:
                    return _spell_way(reached, came_from)
                following.append(reached)
            if len(came_from) > MOST_STATES:
                raise LanguageTooLargeError
        level = following
    return None


def contains(language: Language, text: str, languages: Languages) -> bool:
    """Whether a string is in the language."""
    for character in text:
        if language is NOTHING:
            return False
        language = languages.derive(language, ord(character))
    return language.has_empty


def _spell_way(state: Language, came_from: dict[Language, tuple[Language, int] | None]) -> str:
    codes: list[int] = []
    step = came_from[state]
    while step is not None:
        codes.append(step[1])
        step = came_from[step[0]]
    return "".join(map(chr, reversed(codes)))


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
        elif isinstance(current, Union | Intersection):
            waiting.extend(current.parts)
        elif isinstance(current, Complement | Repeated):
            waiting.append(current.part)
    return found
