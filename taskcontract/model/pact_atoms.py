"""The smallest parts of Pact's patterns: letters, sets, places and references, spelled for Python."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskcontract.model.pact_sets import SetScanner, UnreadError, spell_set

if TYPE_CHECKING:
    from taskcontract.model.pact_sets import Named

__all__ = ["AtomSpeller"]

_BACK = re.compile(r"k(?:<([A-Za-z0-9_-]+)>|'([A-Za-z0-9_-]+)')")


class AtomSpeller(SetScanner):
    """Writes what no other part is in; what it finds on the way counts for the whole pattern."""

    def __init__(self, pattern: str, named: Named, *, lines: bool) -> None:
        super().__init__(pattern, named)
        self._lines = lines
        self._plain = True
        self._folded = False
        self._groups = 0
        self._behind = 0
        self._names: set[str] = set()
        # With named groups, plain ones capture nothing.
        self._captures = not re.search(r"\(\?(?:<[A-Za-z_]|')", pattern)

    def _anchor(self, mark: str) -> str:
        if self._behind:
            raise UnreadError(f"it has {mark} in a look behind")
        self._plain = self._plain and not self._lines
        if mark == "^":
            return r"(?:\A|(?<=\n)(?!\Z))" if self._lines else r"\A"
        return r"(?=\n|\Z)" if self._lines else "$"

    def _letter(self, code: int) -> str:
        if self.folds:
            self._folded = True
            if code > 0x7F and len(chr(code).casefold()) > 1:
                raise UnreadError(
                    f"it takes {chr(code)!r} without regard to case, which is more than one letter"
                )
        letter = re.escape(chr(code))
        return f"(?i:{letter})" if self.folds and chr(code).isalpha() else letter

    def _set(self, found: tuple[tuple[tuple[int, int], ...], bool]) -> str:
        ranges, negated = found
        if self.folds:
            self._folded = True
        text = spell_set(ranges, negated=negated)
        return f"(?i:{text})" if self.folds else text

    def _escape(self) -> tuple[str, bool]:
        mark = self._peek()
        if mark == "":
            raise UnreadError("it ends with a \\")
        if self._behind and mark in "AGzZbBRk123456789":
            raise UnreadError(f"it has \\{mark} in a look behind")
        if mark in "AGzZbB":
            self._at += 1
            return self._place(mark), False
        if mark == "R":
            self._at += 1
            self._plain = False
            return r"(?>\r\n|[\n-\r\x85\u2028\u2029])", True
        if mark == "k" or (mark in "123456789"):
            return self._reference(), True
        found = self.read_escape(in_set=False)
        if isinstance(found, int):
            return self._letter(found), True
        return self._set((found, False)), True

    def _place(self, mark: str) -> str:
        if mark in "AG":
            return r"\A"
        if mark == "z":
            self._plain = False
            return r"\Z"
        self._plain = False
        if mark == "Z":
            return r"(?=\n?\Z)"
        word = spell_set(self.word(), negated=False)
        if mark == "b":
            return f"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))"
        return f"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))"

    def _reference(self) -> str:
        self._plain = False
        found = _BACK.match(self._text, self._at)
        if found is None:
            digits = re.compile(r"[0-9]+").match(self._text, self._at)
            assert digits is not None
            self._at = digits.end()
            return self._numbered(int(digits[0]))
        self._at = found.end()
        name = found[1] or found[2]
        if re.fullmatch(r"-?[0-9]+", name):
            number = int(name)
            return self._numbered(number if number > 0 else self._groups + 1 + number)
        if name not in self._names:
            raise UnreadError(f"it refers to the group {name!r} before there is one")
        return self._folding(f"(?P={name})")

    def _numbered(self, number: int) -> str:
        if not 1 <= number <= self._groups or not self._captures:
            raise UnreadError(f"it refers to a group {number} that is not before it")
        return self._folding(f"(?:\\{number})")

    def _folding(self, text: str) -> str:
        if self.folds:
            self._folded = True
        return f"(?i:{text})" if self.folds else text
