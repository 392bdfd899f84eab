"""Sets of strings as terms, and their derivatives: what remains of each string after its first character.

Terms are interned, so that equal ones are one object and the states of an automaton are its terms. The
automaton itself is never built: a search walks as much of it as it needs, and stops when it needs too much.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.characters import EVERY, Characters

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from taskcontract.diff.schemas.budget import Budget


class Language:
    """A set of strings; `has_empty` tells whether the empty string is in it."""

    __slots__ = ("has_empty",)

    def __init__(self, has_empty: bool) -> None:
        self.has_empty = has_empty


class Nothing(Language):
    """The language without any string."""

    __slots__ = ()


class EmptyString(Language):
    """The language of the empty string alone."""

    __slots__ = ()


class OneOfCharacters(Language):
    """The strings of one character out of `characters`."""

    __slots__ = ("characters",)

    def __init__(self, characters: Characters) -> None:
        super().__init__(False)
        self.characters = characters


class Then(Language):
    """A string of `first` followed by one of `second`."""

    __slots__ = ("first", "second")

    def __init__(self, first: Language, second: Language) -> None:
        super().__init__(first.has_empty and second.has_empty)
        self.first = first
        self.second = second


class Repeated(Language):
    """Strings of `part` in a row, from `least` to `most` of them; None for no limit."""

    __slots__ = ("least", "most", "part")

    def __init__(self, part: Language, least: int, most: int | None) -> None:
        super().__init__(least == 0 or part.has_empty)
        self.part = part
        self.least = least
        self.most = most


class LanguageUnion(Language):
    """The strings of any of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: frozenset[Language]) -> None:
        super().__init__(any(part.has_empty for part in parts))
        self.parts = parts


class Intersection(Language):
    """The strings that are in each of `parts`."""

    __slots__ = ("parts",)

    def __init__(self, parts: frozenset[Language]) -> None:
        super().__init__(all(part.has_empty for part in parts))
        self.parts = parts


class Complement(Language):
    """The strings that are not in `part`."""

    __slots__ = ("part",)

    def __init__(self, part: Language) -> None:
        super().__init__(not part.has_empty)
        self.part = part


NOTHING = Nothing(False)
EMPTY = EmptyString(True)
EVERYTHING = Complement(NOTHING)


class Languages:
    """The factory of the terms of one dialect, and their derivatives."""

    def __init__(self, budget: Budget, python: bool) -> None:
        self.python = python
        self._budget = budget
        self._made: dict[Hashable, Language] = {}
        self._derived: dict[tuple[Language, int], Language] = {}
        self.character = self.one_of(EVERY)

    def one_of(self, characters: Characters) -> Language:
        """Return the language of one character out of `characters`."""
        return self._make((OneOfCharacters, characters), OneOfCharacters, characters)

    def then(self, first: Language, second: Language) -> Language:
        """Return the language of `first` followed by `second`, simplified."""
        if first is NOTHING or second is NOTHING:
            return NOTHING
        if first is EMPTY:
            return second
        if second is EMPTY:
            return first
        if (first is EVERYTHING and second.has_empty) or (second is EVERYTHING and first.has_empty):
            return EVERYTHING
        if isinstance(first, Then):
            return self.then(first.first, self.then(first.second, second))
        return self._make((Then, first, second), Then, first, second)

    def repeat(self, part: Language, least: int, most: int | None) -> Language:
        """Return the language of `part` in a row, `least` to `most` times, simplified."""
        if part is NOTHING:
            return NOTHING if least else EMPTY
        if most == 0 or part is EMPTY:
            return EMPTY
        if part.has_empty:
            least = 0
        if least == most == 1 or (part is EVERYTHING):
            return part
        if least == 0 and most is None and part is self.character:
            return EVERYTHING
        return self._make((Repeated, part, least, most), Repeated, part, least, most)

    def union(self, parts: Iterable[Language]) -> Language:
        """Return the union of `parts`, simplified."""
        kept: set[Language] = set()
        for part in parts:
            kept |= part.parts if isinstance(part, LanguageUnion) else {part}
        kept.discard(NOTHING)
        if EVERYTHING in kept or any(isinstance(part, Complement) and part.part in kept for part in kept):
            return EVERYTHING
        if EMPTY in kept and any(part.has_empty for part in kept if part is not EMPTY):
            kept.discard(EMPTY)
        if len(kept) < 2:
            return next(iter(kept), NOTHING)
        chosen = frozenset(kept)
        return self._make((LanguageUnion, chosen), LanguageUnion, chosen)

    def intersect(self, parts: Iterable[Language]) -> Language:
        """Return the intersection of `parts`, simplified."""
        kept: set[Language] = set()
        for part in parts:
            kept |= part.parts if isinstance(part, Intersection) else {part}
        kept.discard(EVERYTHING)
        if NOTHING in kept or any(isinstance(part, Complement) and part.part in kept for part in kept):
            return NOTHING
        if EMPTY in kept:
            return EMPTY if all(part.has_empty for part in kept) else NOTHING
        if len(kept) < 2:
            return next(iter(kept), EVERYTHING)
        chosen = frozenset(kept)
        return self._make((Intersection, chosen), Intersection, chosen)

    def complement(self, part: Language) -> Language:
        """Return the language of all other strings, simplified."""
        if part is NOTHING:
            return EVERYTHING
        if isinstance(part, Complement):
            return part.part
        return self._make((Complement, part), Complement, part)

    def spell(self, text: str) -> Language:
        """Return the language of one string."""
        found: Language = EMPTY
        for character in reversed(text):
            found = self.then(self.one_of(Characters(((ord(character), ord(character)),))), found)
        return found

    def derive(self, language: Language, code: int) -> Language:
        """Return the language of what may follow the character with this code."""
        key = (language, code)
        found = self._derived.get(key)
        if found is None:
            self._budget.spend()
            found = self._derived[key] = self._derive(language, code)
        return found

    def _derive(self, language: Language, code: int) -> Language:
        if isinstance(language, OneOfCharacters):
            return EMPTY if language.characters.has(code, self.python) else NOTHING
        if isinstance(language, Then):
            rest = self.then(self.derive(language.first, code), language.second)
            if not language.first.has_empty:
                return rest
            return self.union((rest, self.derive(language.second, code)))
        if isinstance(language, LanguageUnion):
            return self.union([self.derive(part, code) for part in language.parts])
        if isinstance(language, Intersection):
            return self.intersect([self.derive(part, code) for part in language.parts])
        if isinstance(language, Complement):
            return self.complement(self.derive(language.part, code))
        if isinstance(language, Repeated):
            most = None if language.most is None else language.most - 1
            again = self.repeat(language.part, max(language.least - 1, 0), most)
            return self.then(self.derive(language.part, code), again)
        return NOTHING

    def _make(self, key: Hashable, kind: type[Language], *arguments: object) -> Language:
        found = self._made.get(key)
        if found is None:
            self._budget.spend()
            found = self._made[key] = kind(*arguments)  # type: ignore[arg-type]
        return found
