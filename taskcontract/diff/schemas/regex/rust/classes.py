"""What takes one character in a pattern of Rust's: a letter, an escape, a class in brackets.

The engine itself is asked wherever that is more than plain ranges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.characters import Characters
from taskcontract.diff.schemas.regex.rust.oracle import list_characters
from taskcontract.diff.schemas.regex.trees import Scanner, Tree, UnsupportedPatternError
from taskcontract.model.character_ranges import invert, merge

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.model.character_ranges import Ranges

_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}
_WIDTHS = {"x": 2, "u": 4, "U": 8}


class CharacterScanner(Scanner):
    """Reads a pattern character by character, as the flags at that place have it."""

    def __init__(self, text: str, budget: Budget) -> None:
        super().__init__(text)
        self._flags = frozenset("u")
        self._budget = budget

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _until(self, mark: str) -> str:
        end = self._text.find(mark, self._at)
        if end < 0:
            raise UnsupportedPatternError(f"it lacks a {mark} after {self._at}")
        found = self._text[self._at : end]
        self._at = end + len(mark)
        return found

    def _skip_blanks(self) -> None:
        """With the flag `x` blanks and comments mean nothing."""
        while "x" in self._flags and self._at < len(self._text):
            if self._peek().isspace() and not "\x1c" <= self._peek() <= "\x1f":
                self._at += 1
            elif self._text[self._at] == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end + 1
            else:
                return

    def _letter(self, code: int) -> Tree:
        if "i" not in self._flags:
            return Characters(((code, code),))
        if code < 0x80 and not chr(code).isalpha():
            return Characters(((code, code),))
        return Characters(self._ask(rf"\x{{{code:x}}}"))

    def _ask(self, expression: str) -> Ranges:
        """Return the characters that the engine accepts for `expression` under the present flags."""
        on = "".join(sorted(self._flags & {"i", "x"}))
        off = "" if "u" in self._flags else "-u"
        return list_characters(f"(?{on}{off}:{expression})" if on or off else expression, self._budget)

    def _escaped(self) -> Ranges | int:
        """Read an escape, behind its backslash, as a class or as the code of a character."""
        opened = self._at
        mark = self._peek()
        self._at += 1
        if mark in "dDwWsS":
            return self._ask(f"\\{mark}")
        if mark in "pP":
            if self._take("{"):
                self._until("}")
            else:
                self._at += 1
            return self._ask(f"\\{self._text[opened : self._at]}")
        if mark in _WIDTHS:
            if self._take("{"):
                return int(self._until("}").strip(), 16)
            self._at += _WIDTHS[mark]
            return int(self._text[opened + 1 : self._at], 16)
        return _CONTROLS.get(mark, ord(mark))

    def _bracket(self) -> Tree:
        opened = self._at
        plain = self._read_plain_bracket()
        if plain is not None:
            return Characters(plain)
        self._at = opened
        self._skip_bracket()
        return Characters(self._ask(self._text[opened : self._at]))

    def _read_plain_bracket(self) -> Ranges | None:
        """Read a bracket of literals, ranges and classes; None if it holds anything else."""
        if "i" in self._flags or "x" in self._flags or "u" not in self._flags:
            return None
        self._at += 1
        negated = self._take("^")
        found: list[tuple[int, int]] = []
        first = True
        while first or self._peek() != "]":
            first = False
            if self._peek() == "[" or any(self._text.startswith(op, self._at) for op in ("&&", "--", "~~")):
                return None
            low = self._member()
            if isinstance(low, tuple):
                found.extend(low)
                continue
            high = low
            if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", "-"):
                self._at += 1
                last = self._member()
                if isinstance(last, tuple):
                    return None
                high = last
            found.append((low, high))
        self._at += 1
        ranges = merge(found)
        return invert(ranges) if negated else ranges

    def _member(self) -> Ranges | int:
        self._at += 1
        mark = self._text[self._at - 1]
        return self._escaped() if mark == "\\" else ord(mark)

    def _skip_bracket(self) -> None:
        """Go behind a bracket; a `]` that comes first in it is a literal one, and brackets nest."""
        self._at += 1
        self._take("^")
        self._skip_blanks()
        while self._take("-"):
            self._skip_blanks()
        if self._text[self._at - 1] != "-":
            self._take("]")
        self._skip_blanks()
        while not self._take("]"):
            if self._peek() == "[":
                end = self._text.find(":]", self._at)
                if (
                    self._text.startswith("[:", self._at)
                    and end > 0
                    and _is_name(self._text[self._at + 2 : end])
                ):
                    self._at = end + 2
                else:
                    self._skip_bracket()
            elif not self._take("&&") and not self._take("--") and not self._take("~~"):
                self._skip_member()
                self._skip_blanks()
                if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] not in ("]", "-"):
                    self._at += 1
                    self._skip_blanks()
                    self._skip_member()
            self._skip_blanks()
            if self._at >= len(self._text):
                raise UnsupportedPatternError("a class is never closed")

    def _skip_member(self) -> None:
        if self._take("\\"):
            wide = self._peek() in "pPxuU" and self._text[self._at + 1 : self._at + 2] == "{"
            self._at += 1
            if wide:
                self._until("}")
        else:
            self._at += 1


def _is_name(text: str) -> bool:
    return text.removeprefix("^").isalpha()
