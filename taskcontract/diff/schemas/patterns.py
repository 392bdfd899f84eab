"""The patterns of one comparison: whether a string matches one, and which strings match some."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from taskcontract.diff.schemas.regex.size import LONGEST_PATTERN

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.regex.machines import Dialect, Machine

#: Who reads patterns: an unknown reader, so that ECMA-262 and Python have to agree; or Rust's `regex`.
PatternReading: TypeAlias = Literal["any", "rust"]


_CHARACTERS_A_STEP = 20
"""Characters of a pattern that are parsed in one step."""

_LONGEST_SHOWN = 200


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
    """The machines of patterns in each dialect that counts, made when they are first asked for."""

    def __init__(self, budget: Budget, reading: PatternReading = "any") -> None:
        self._budget = budget
        self.reading: PatternReading = reading
        self._dialects: list[Dialect] = []
        self._machines: dict[tuple[str, int], Machine | str] = {}
        self._sensitive: dict[str, bool] = {}

    def find_fault(self, pattern: str) -> str | None:
        """Say why a text is not a regular expression for each possible reader; None if it is one."""
        from taskcontract.diff.schemas.regex.syntax import parse_pattern
        from taskcontract.diff.schemas.regex.trees import PatternError

        self._budget.spend(1 + min(len(pattern), LONGEST_PATTERN) // _CHARACTERS_A_STEP)
        try:
            parse_pattern(pattern)
        except PatternError as error:
            return None if self.reading == "rust" and self.explain(pattern) is None else str(error)
        return None

    def match(self, pattern: str, text: str) -> bool | None:
        """Return whether the pattern is found in the text; None if the dialects differ or cannot tell."""
        from taskcontract.diff.schemas.regex.machines import contains

        answers: set[bool] = set()
        for dialect in (0, 1) if self.is_sensitive(pattern) and not is_plain(text) else (0,):
            machine = self._find(pattern, dialect)
            if isinstance(machine, str):
                return None
            answers.add(contains(machine, text))
        return answers.pop() if len(answers) == 1 else None

    def explain(self, pattern: str) -> str | None:
        """Why a pattern cannot be reasoned about; None if it can."""
        machine = self._find(pattern, 0)
        return f"{_show(pattern)}: {machine}" if isinstance(machine, str) else None

    def is_sensitive(self, pattern: str) -> bool:
        """Whether the dialects could disagree on the pattern; one alone never does."""
        if self.reading == "rust":
            return False
        found = self._sensitive.get(pattern)
        if found is None:
            from taskcontract.diff.schemas.regex.building import is_sensitive
            from taskcontract.diff.schemas.regex.syntax import parse_pattern

            tree = parse_pattern(pattern)
            found = self._sensitive[pattern] = isinstance(tree, str) or is_sensitive(tree)
        return found

    def find(self, wanted: Wanted, *, dialect: int = 0, plain: bool = False) -> str | None:
        """Return a shortest string that is wanted, in one dialect; None if there is none.

        `plain` asks for printable ASCII, which all dialects read alike. Raises UnknownLanguageError.
        """
        from taskcontract.diff.schemas.regex.machines import LanguageTooLargeError, Search

        machines = [self._need(pattern, dialect) for pattern in wanted.matching + wanted.failing]
        apart = {ord(character) for text in wanted.excluded for character in text}
        letters = self._open()[dialect].choose_letters(machines, apart)
        if plain:
            letters = [letter for letter in letters if is_plain(chr(letter.code))]
        search = Search(machines, len(wanted.matching), wanted.least, wanted.most, wanted.excluded)
        try:
            return search.find(letters, self._budget)
        except LanguageTooLargeError:
            raise UnknownLanguageError("comparing the patterns needs too many states") from None

    def _need(self, pattern: str, dialect: int) -> Machine:
        found = self._find(pattern, dialect)
        if isinstance(found, str):
            raise UnknownLanguageError(f"{_show(pattern)}: {found}")
        return found

    def _open(self) -> list[Dialect]:
        if not self._dialects:
            if self.reading == "rust":
                from taskcontract.diff.schemas.regex.rust.dialect import RustDialect

                self._dialects.append(RustDialect(self._budget))
            else:
                from taskcontract.diff.schemas.regex.cautious import CautiousDialect

                self._dialects.extend(CautiousDialect(self._budget, python) for python in (False, True))
        return self._dialects

    def _find(self, pattern: str, dialect: int) -> Machine | str:
        found = self._machines.get((pattern, dialect))
        if found is None:
            from taskcontract.diff.schemas.regex.trees import UnsupportedPatternError

            try:
                found = self._open()[dialect].open(pattern)
            except UnsupportedPatternError as unsupported:
                found = str(unsupported)
            self._machines[pattern, dialect] = found
        return found


def _show(pattern: str) -> str:
    return repr(pattern if len(pattern) <= _LONGEST_SHOWN else f"{pattern[:_LONGEST_SHOWN]}...")


def is_plain(text: str) -> bool:
    """Whether all dialects read the text's characters alike: printable ASCII."""
    return text.isascii() and text.isprintable()
