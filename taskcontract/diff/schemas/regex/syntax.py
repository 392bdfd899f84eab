"""Regular expressions parsed into trees: what ECMA-262 and Python both understand."""

from __future__ import annotations

from functools import lru_cache

from taskcontract.diff.schemas.regex.characters import Characters
from taskcontract.diff.schemas.regex.size import LONGEST_PATTERN
from taskcontract.diff.schemas.regex.trees import (
    MOST_GROUPS_DEEP,
    Ahead,
    Concatenation,
    End,
    PatternError,
    Repeat,
    Scanner,
    Start,
    Tree,
    UnsupportedPatternError,
)
from taskcontract.model.character_ranges import LAST

_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13}


_SHORT = 2_000


def parse_pattern(pattern: str) -> Tree | str:
    """Return the tree of a pattern, or why it has none; raise PatternError if it is not a pattern at all."""
    if len(pattern) > LONGEST_PATTERN:
        return f"it has {len(pattern):,} characters, more than {LONGEST_PATTERN:,}"
    return _parse_short(pattern) if len(pattern) <= _SHORT else _parse(pattern)


def _parse(pattern: str) -> Tree | str:
    try:
        return _Parser(pattern).parse()
    except UnsupportedPatternError as unsupported:
        return str(unsupported)


# A tree takes a hundred times the pattern's memory.
_parse_short = lru_cache(maxsize=1024)(_parse)


class _Parser(Scanner):
    def parse(self) -> Tree:
        tree = self._choice()
        if self._at < len(self._text):
            raise PatternError(f"there is an unmatched ) at {self._at}")
        return tree

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            parts.append(self._quantified(self._atom()))
        return parts[0] if len(parts) == 1 else Concatenation(tuple(parts))

    def _quantified(self, atom: Tree) -> Tree:
        bounds = self._bounds()
        if bounds is None:
            return atom
        if self._take("+"):
            raise UnsupportedPatternError("it uses a possessive quantifier")
        self._take("?")
        if self._bounds() is not None:
            raise PatternError(f"there is a quantifier with nothing to repeat at {self._at}")
        if isinstance(atom, Start | End | Ahead):
            raise UnsupportedPatternError("it repeats an assertion")
        least, most = bounds
        if most is not None and most < least:
            raise PatternError(f"the bounds {{{least},{most}}} are the wrong way round")
        return Repeat(atom, least, most)

    def _bounds(self) -> tuple[int, int | None] | None:
        for token, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take(token):
                return bounds
        if not self._text.startswith("{", self._at):
            return None
        end = self._text.find("}", self._at)
        inside = self._text[self._at + 1 : end] if end > 0 else ""
        low, comma, high = inside.partition(",")
        if comma and not low and (not high or high.isdecimal()):
            raise UnsupportedPatternError("its bounds lack a lower one, which only Python allows")
        if not (low.isascii() and low.isdecimal()) or (high and not (high.isascii() and high.isdecimal())):
            return None
        if len(inside) > 20:
            raise UnsupportedPatternError("its bounds are too large")
        self._at = end + 1
        least = int(low)
        return (least, int(high) if high else None) if comma else (least, least)

    def _atom(self) -> Tree:
        character = self._text[self._at]
        self._at += 1
        if character == "(":
            return self._group()
        if character == "[":
            return self._bracket()
        if character == "\\":
            return self._escape()
        if character in "*+?":
            raise PatternError(f"there is a quantifier with nothing to repeat at {self._at - 1}")
        if character == "^":
            return Start()
        if character == "$":
            return End()
        if character == ".":
            return Characters((), frozenset("."))
        return _one(ord(character))

    def _group(self) -> Tree:
        self._depth += 1
        if self._depth > MOST_GROUPS_DEEP:
            raise UnsupportedPatternError("its groups are nested too deeply")
        opened = self._at
        negated = False
        ahead = False
        if self._take("?"):
            if self._take("=") or self._take("!"):
                ahead, negated = True, self._text[self._at - 1] == "!"
            elif not self._take(":"):
                self._skip_name()
        inside = self._choice()
        if not self._take(")"):
            raise PatternError(f"the group at {opened - 1} is never closed")
        self._depth -= 1
        return Ahead(inside, negated) if ahead else inside

    def _skip_name(self) -> None:
        named = self._take("P<") or (
            self._text[self._at : self._at + 2] not in ("<=", "<!") and self._take("<")
        )
        if not named:
            raise UnsupportedPatternError("it uses a group that is not supported")
        end = self._text.find(">", self._at)
        if end < 0 or not self._text[self._at : end].isidentifier():
            raise PatternError(f"the group's name at {self._at} is not valid")
        self._at = end + 1

    def _escape(self) -> Tree:
        if self._at >= len(self._text):
            raise PatternError("it ends with a lone backslash")
        character = self._text[self._at]
        if character in "bB":
            raise UnsupportedPatternError("it uses a word boundary")
        if character in "123456789":
            raise UnsupportedPatternError("it uses a backreference")
        found = self._escaped()
        return found if isinstance(found, Characters) else _one(found)

    def _escaped(self) -> Characters | int:
        character = self._text[self._at]
        self._at += 1
        if character in "dDwWsS":
            return Characters((), frozenset(character))
        if character in _CONTROLS:
            return _CONTROLS[character]
        if character == "0":
            if self._text[self._at : self._at + 1].isdecimal():
                raise UnsupportedPatternError("it uses an octal escape")
            return 0
        if character == "x":
            return self._hexadecimal(2)
        if character == "u":
            return self._unicode()
        if character.isascii() and character.isalpha():
            raise UnsupportedPatternError(f"it uses \\{character}")
        return ord(character)

    def _unicode(self) -> int:
        if self._take("{"):
            end = self._text.find("}", self._at)
            width = end - self._at
            code = self._hexadecimal(width) if 0 < width <= 8 else -1
            self._at += 1
            if not 0 <= code <= LAST:
                raise PatternError("a \\u{...} escape is not valid")
            return code
        code = self._hexadecimal(4)
        if 0xD800 <= code <= 0xDFFF:
            raise UnsupportedPatternError("it uses a surrogate")
        return code

    def _hexadecimal(self, width: int) -> int:
        digits = self._text[self._at : self._at + width]
        if len(digits) < width or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
            raise UnsupportedPatternError("it uses an incomplete escape")
        self._at += width
        return int(digits, 16)

    def _bracket(self) -> Tree:
        opened = self._at - 1
        negated = self._take("^")
        if self._text.startswith("]", self._at):
            raise UnsupportedPatternError("it uses an empty class")
        ranges: list[tuple[int, int]] = []
        classes: set[str] = set()
        while not self._take("]"):
            low = self._member(opened)
            if isinstance(low, Characters):
                classes |= low.classes
                continue
            high = low
            if self._text.startswith("-", self._at) and not self._text.startswith("-]", self._at):
                self._at += 1
                last = self._member(opened)
                if isinstance(last, Characters):
                    raise UnsupportedPatternError("it uses a range up to a class")
                high = last
            if high < low:
                raise PatternError(f"the range {chr(low)}-{chr(high)} is the wrong way round")
            ranges.append((low, high))
        return Characters(tuple(ranges), frozenset(classes), negated)

    def _member(self, opened: int) -> Characters | int:
        if self._at >= len(self._text):
            raise PatternError(f"the class at {opened} is never closed")
        if not self._take("\\"):
            self._at += 1
            return ord(self._text[self._at - 1])
        if self._at >= len(self._text):
            raise PatternError("it ends with a lone backslash")
        if self._take("b"):
            return 8
        if self._text[self._at] in "123456789":
            raise UnsupportedPatternError("it uses an octal escape")
        return self._escaped()


def _one(code: int) -> Characters:
    return Characters(((code, code),))
