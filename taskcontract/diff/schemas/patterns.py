"""The patterns of one comparison: whether a string matches one, and which strings match some."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.languages import Language, Languages


class UnknownLanguageError(Exception):
    """Control flow: a pattern, or all of them together, cannot be reasoned about; says why."""


class Wanted(NamedTuple):
    """Strings that match all of some patterns and none of others, within a length, but not those excluded."""

    matching: list[str]
    failing: list[str]
    least: int
    most: int | None
    excluded: list[str]


class Patterns:
    """The languages of patterns in both dialects, made when they are first asked for."""

    def __init__(self, budget: Budget) -> None:
        self._budget = budget
        self._dialects: dict[bool, Languages] = {}
        self._languages: dict[tuple[str, bool], Language | str] = {}
        self._sensitive: dict[str, bool] = {}

    def match(self, pattern: str, text: str) -> bool | None:
        """Whether the pattern is found in the text; None where the dialects differ or nobody can tell."""
        from taskcontract.diff.schemas.regex.search import contains

        answers: set[bool] = set()
        for python in (False, True) if self.is_sensitive(pattern) and not is_plain(text) else (False,):
            language = self._find(pattern, python)
            if isinstance(language, str):
                return None
            answers.add(contains(language, text, self._dialects[python]))
        return answers.pop() if len(answers) == 1 else None

    def explain(self, pattern: str) -> str | None:
        """Why a pattern cannot be reasoned about; None if it can."""
        language = self._find(pattern, False)
        return f"{pattern!r}: {language}" if isinstance(language, str) else None

    def is_sensitive(self, pattern: str) -> bool:
        """Whether the dialects could disagree on the pattern."""
        found = self._sensitive.get(pattern)
        if found is None:
            from taskcontract.diff.schemas.regex.building import is_sensitive
            from taskcontract.diff.schemas.regex.syntax import parse_pattern

            tree = parse_pattern(pattern)
            found = self._sensitive[pattern] = isinstance(tree, str) or is_sensitive(tree)
        return found

    def find(self, wanted: Wanted, *, python: bool = False, plain: bool = False) -> str | None:
        """A shortest string that is wanted, in one dialect; None if there is none.

        `plain` asks for printable ASCII, which all dialects read alike. Raises UnknownLanguageError.
        """
        from taskcontract.diff.schemas.regex.characters import PRINTABLE
        from taskcontract.diff.schemas.regex.languages import EMPTY
        from taskcontract.diff.schemas.regex.search import LanguageTooLargeError, find_string

        languages = self._open(python)
        parts = [self._need(pattern, python) for pattern in wanted.matching]
        parts += [languages.complement(self._need(pattern, python)) for pattern in wanted.failing]
        if wanted.most == 0:
            parts.append(EMPTY)
        elif wanted.least or wanted.most is not None:
            parts.append(languages.repeat(languages.character, wanted.least, wanted.most))
        if plain:
            parts.append(languages.repeat(languages.one_of(PRINTABLE), 0, None))
        parts.append(languages.complement(languages.union(languages.spell(text) for text in wanted.excluded)))
        try:
            return find_string(languages.intersect(parts), languages, self._budget)
        except LanguageTooLargeError:
            raise UnknownLanguageError("comparing the patterns needs too many states") from None

    def _need(self, pattern: str, python: bool) -> Language:
        found = self._find(pattern, python)
        if isinstance(found, str):
            raise UnknownLanguageError(f"{pattern!r}: {found}")
        return found

    def _open(self, python: bool) -> Languages:
        found = self._dialects.get(python)
        if found is None:
            from taskcontract.diff.schemas.regex.languages import Languages

            found = self._dialects[python] = Languages(self._budget, python)
        return found

    def _find(self, pattern: str, python: bool) -> Language | str:
        found = self._languages.get((pattern, python))
        if found is None:
            found = self._languages[pattern, python] = self._build(pattern, python)
        return found

    def _build(self, pattern: str, python: bool) -> Language | str:
        from taskcontract.diff.schemas.regex.building import build_search
        from taskcontract.diff.schemas.regex.syntax import UnsupportedPatternError, parse_pattern

        languages = self._open(python)
        tree = parse_pattern(pattern)
        if isinstance(tree, str):
            return tree
        try:
            return build_search(tree, languages)
        except UnsupportedPatternError as unsupported:
            return str(unsupported)


def is_plain(text: str) -> bool:
    """Whether all dialects read the text's characters alike: printable ASCII."""
    return text.isascii() and text.isprintable()
