"""Patterns parsed into trees as Rust's `regex` crate parses them.

Only patterns that the engine itself compiles are parsed here, so that nothing is said of mistakes; what takes
one character (a class, a letter whatever its case) is asked of the engine where it is more than plain ranges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.schemas.regex.characters import Characters
from taskcontract.diff.schemas.regex.rust.classes import CharacterScanner
from taskcontract.diff.schemas.regex.trees import (
    MOST_GROUPS_DEEP,
    Concatenation,
    Look,
    Repeat,
    Tree,
    UnsupportedPatternError,
)
from taskcontract.model.character_ranges import LAST, SURROGATES, invert

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.model.character_ranges import Ranges


_COUNTS: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_WORD_LOOKS = {"start": "word start", "end": "word end", "start-half": "half start", "end-half": "half end"}
_EVERY: Ranges = ((0, SURROGATES[0] - 1), (SURROGATES[1] + 1, LAST))


def parse_pattern(pattern: str, budget: Budget) -> Tree:
    """Return the tree of a pattern that the engine compiles; raise UnsupportedPatternError for others."""
    return _Parser(pattern, budget).parse()


class _Parser(CharacterScanner):
    def parse(self) -> Tree:
        tree = self._choice()
        if self._at < len(self._text):
            raise UnsupportedPatternError(f"it cannot be read from {self._at} on")
        return tree

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        self._skip_blanks()
        while self._at < len(self._text) and self._peek() not in "|)":
            atom = self._atom()
            if atom is not None:
                parts.append(self._repeated(atom))
            self._skip_blanks()
        return parts[0] if len(parts) == 1 else Concatenation(tuple(parts))

    def _repeated(self, atom: Tree) -> Tree:
        self._skip_blanks()
        while (mark := self._peek()) and mark in "*+?{":
            self._at += 1
            if mark == "{":
                low, comma, high = (part.strip() for part in self._until("}").partition(","))
                if max(len(low), len(high)) > 9:
                    raise UnsupportedPatternError("its bounds are too large")
                least = int(low)
                bounds = (least, (int(high) if high else None) if comma else least)
            else:
                bounds = _COUNTS[mark]
            self._skip_blanks()
            self._take("?")
            atom = Repeat(atom, *bounds)
            self._skip_blanks()
        return atom

    def _atom(self) -> Tree | None:
        mark = self._peek()
        if mark == "[":
            return self._bracket()
        self._at += 1
        if mark == "(":
            return self._group()
        if mark == "\\":
            return self._escape()
        if mark == ".":
            if "s" in self._flags:
                return Characters(_EVERY)
            return Characters(invert(((10, 10), (13, 13)) if "R" in self._flags else ((10, 10),)))
        if mark in "^$":
            side = "start" if mark == "^" else "end"
            if "m" not in self._flags:
                return Look(side)
            return Look(f"{'crlf' if 'R' in self._flags else 'line'} {side}")
        return self._letter(ord(mark))

    def _group(self) -> Tree | None:
        self._depth += 1
        if self._depth > MOST_GROUPS_DEEP:
            raise UnsupportedPatternError("its groups are nested too deeply")
        outer = self._flags
        if self._take("?P<") or self._take("?<"):
            self._until(">")
        elif self._take("?"):
            marks = ""
            while self._peek() not in ":)":
                marks += self._peek()
                self._at += 1
            on, _, off = marks.partition("-")
            self._flags = (self._flags | set(on)) - set(off)
            if self._take(")"):
                # Without a colon they count for the rest of the group around them.
                self._depth -= 1
                return None
            self._at += 1
        inside = self._choice()
        if not self._take(")"):
            raise UnsupportedPatternError("a group is never closed")
        self._flags = outer
        self._depth -= 1
        return inside

    def _escape(self) -> Tree:
        mark = self._peek()
        ascii_only = "" if "u" in self._flags else "ascii "
        looks = {"A": "start", "z": "end", "b": "word", "B": "no word", "<": "word start", ">": "word end"}
        if mark in looks:
            self._at += 1
            if mark in "Az":
                return Look(looks[mark])
            if mark == "b" and self._peek() == "{":
                name = self._text[self._at + 1 : self._text.find("}", self._at)].strip()
                if name in _WORD_LOOKS:
                    self._until("}")
                    return Look(ascii_only + _WORD_LOOKS[name])
            return Look(ascii_only + looks[mark])
        found = self._escaped()
        return Characters(found) if isinstance(found, tuple) else self._letter(found)
