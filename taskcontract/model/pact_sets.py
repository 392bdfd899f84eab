"""Sets of characters in Oniguruma's patterns: brackets in brackets, `&&`, ranges, escapes and named sets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from taskcontract.model.character_ranges import LAST, SURROGATES, invert, merge

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.character_ranges import Ranges

__all__ = ["Named", "SetScanner", "UnreadError", "spell_set"]

Named: TypeAlias = "Callable[[str], Ranges]"
"""What a set of one of Rust's names holds, such as `[\\p{L}\\p{M}]`."""

NAMES: Final = {
    "alnum": r"[\p{Alphabetic}\p{Nd}]", "alpha": r"\p{Alphabetic}", "ascii": r"[\x00-\x7F]",
    "blank": r"[\p{Zs}\t]", "cntrl": r"\p{Cc}", "digit": r"\p{Nd}", "lower": r"\p{Lowercase}",
    "space": r"\p{White_Space}", "upper": r"\p{Uppercase}", "xdigit": r"[0-9A-Fa-f]",
    "word": r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}]", "punct": r"[\p{P}\p{S}]",
    "graph": r"[^\p{White_Space}\p{Cc}\p{Cn}]", "print": r"[[^\p{White_Space}\p{Cc}\p{Cn}]\p{Zs}]",
}  # fmt: skip
"""The sets of POSIX, as Oniguruma's have them for Unicode."""
WORD_ALONE = r"[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\u00B2\u00B3\u00B9\u00BC-\u00BE]"
"""A `\\w` that stands in no brackets takes six more of the first 256 characters."""
CATEGORIES = re.compile(
    r"c[cfno]?|l[lmotu]?|m[cen]?|n[dlo]?|p[cdefios]?|s[ckmo]?|z[lps]?|(?:uppercase|lowercase|titlecase|"
    r"modifier|other)?letter|(?:nonspacing|spacing|enclosing)?mark|(?:decimal|letter|other)?number|"
    r"(?:connector|dash|open|close|initial|final|other)?punctuation|(?:math|currency|modifier|other)?symbol|"
    r"(?:space|line|paragraph)?separator|other|control|format|privateuse|unassigned|alphabetic|lowercase|"
    r"uppercase|whitespace|arabic|armenian|bengali|cyrillic|devanagari|georgian|greek|han|hangul|hebrew|"
    r"hiragana|katakana|latin|thai"
)
"""Other names that mean in Oniguruma what they mean to Rust."""
ALIKE = frozenset({"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "space", "xdigit", "punct", "any"})
"""Names under which case makes no difference."""
_POSIX = re.compile(r"\[:(\^?)([a-z]+):\]")
_PROPERTY = re.compile(r"\{(\^?)([A-Za-z0-9 _-]+)\}")
_CODES = (
    re.compile(r"x\{([0-9A-Fa-f]{1,8})\}"),
    re.compile(r"x([0-9A-Fa-f]{1,2})"),
    re.compile(r"u([0-9A-Fa-f]{4})"),
)
_CONTROLS: Final = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "a": 7, "e": 27}
SHORT: Final = {"d": "digit", "w": "word", "s": "space", "h": "xdigit"}


class UnreadError(ValueError):
    """A pattern has what is not read here, or what is an error to Pact; says what."""


class SetScanner:
    """Reads the sets of one pattern; `folds` where case does not matter."""

    def __init__(self, text: str, named: Named) -> None:
        self._text = text
        self._at = 0
        self._named = named
        self.folds = False

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self, mark: str) -> bool:
        if self._text.startswith(mark, self._at):
            self._at += len(mark)
            return True
        return False

    def word(self) -> Ranges:
        """Return what words are made of, outside of brackets."""
        return self._named(WORD_ALONE)

    def read_escape(self, *, in_set: bool) -> Ranges | int:
        """Return the set or the character of an escape, whose backslash is behind."""
        mark = self._peek()
        if mark.lower() in SHORT:
            self._at += 1
            held = self._named(NAMES[SHORT[mark.lower()]]) if in_set or mark not in "wW" else self.word()
            return self._inverted(held) if mark.isupper() else held
        if mark in ("p", "P"):
            self._at += 1
            return self._property(negated=mark == "P")
        for form in _CODES:
            found = form.match(self._text, self._at)
            if found is not None:
                return self._coded(found)
        if mark == "0":
            found = re.compile(r"[0-7]{1,3}").match(self._text, self._at)
            assert found is not None
            self._at = found.end()
            return int(found[0], 8)
        self._at += 1
        if mark in _CONTROLS:
            return _CONTROLS[mark]
        if mark == "b" and in_set:
            return 8
        if mark.isascii() and mark.isalnum():
            raise UnreadError(f"\\{mark} is not read here")
        return ord(mark)

    def _coded(self, found: re.Match[str]) -> int:
        self._at = found.end()
        code = int(found[1], 16)
        if code > LAST or SURROGATES[0] <= code <= SURROGATES[1]:
            raise UnreadError(f"\\{found[0]} is no character")
        if found[0].startswith("x") and "{" not in found[0] and code > 0x7F:
            raise UnreadError(f"\\{found[0]} is a byte of a character")
        return code

    def _property(self, *, negated: bool) -> Ranges:
        found = _PROPERTY.match(self._text, self._at)
        if found is None:
            raise UnreadError("\\p needs a name in braces")
        self._at = found.end()
        name = re.sub(r"[ _-]", "", found[2]).lower()
        if self.folds and name not in ALIKE:
            raise UnreadError(f"it takes the property {found[2]!r} without regard to case")
        if name in NAMES:
            held = self._named(NAMES[name])
        elif CATEGORIES.fullmatch(name):
            held = self._named(rf"\p{{{found[2].strip()}}}")
        elif name == "any":
            held = ((0, LAST),)
        else:
            raise UnreadError(f"the property {found[2]!r} is not read here")
        return self._inverted(held) if negated != bool(found[1]) else held

    def _inverted(self, ranges: Ranges) -> Ranges:
        if self.folds:
            raise UnreadError("it takes the opposite of a set without regard to case")
        return invert(ranges)

    def _bracket(self) -> tuple[Ranges, bool]:
        """Return the characters of a set in brackets, and whether all others are meant."""
        self._at += 1
        negated = self._take("^")
        if self._peek() == "]":
            raise UnreadError("a set begins with ]")
        parts: list[Ranges] = []
        held: list[tuple[int, int]] = []
        while not self._take("]"):
            if self._at >= len(self._text):
                raise UnreadError("it has a [ without a ]")
            if self._take("&&"):
                parts.append(merge(held))
                held = []
                continue
            held += self._members()
        if not parts:
            return merge(held), negated
        if self.folds:
            raise UnreadError("it takes what two sets have in common without regard to case")
        common = merge(held)
        for part in parts:
            common = invert(merge((*invert(common), *invert(part))))
        return common, negated

    def _members(self) -> Ranges:
        posix = _POSIX.match(self._text, self._at)
        if posix is not None:
            return self._posix(posix)
        if self._peek() == "[":
            inner, negated = self._bracket()
            self._refuse_range()
            return self._inverted(inner) if negated else inner
        low = self._member()
        if not isinstance(low, int):
            self._refuse_range()
            return low
        if self._peek() != "-" or self._text[self._at + 1 : self._at + 2] in ("]", ""):
            return ((low, low),)
        if low == ord("-"):
            raise UnreadError("a range begins with -")
        self._at += 1
        if self._peek() in ("[", "-") or self._text.startswith("&&", self._at):
            raise UnreadError("a range ends with a set")
        high = self._member()
        if not isinstance(high, int):
            raise UnreadError("a range ends with a set")
        if low > high:
            raise UnreadError(f"the range {chr(low)}-{chr(high)} is upside down")
        if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
            raise UnreadError("a range begins where another one ends")
        return ((low, high),)

    def _posix(self, found: re.Match[str]) -> Ranges:
        name = found[2]
        if name not in NAMES:
            raise UnreadError(f"there is no set [:{name}:]")
        if self.folds and name not in ALIKE:
            raise UnreadError(f"it takes [:{name}:] without regard to case")
        self._at = found.end()
        self._refuse_range()
        held = self._named(NAMES[name])
        return self._inverted(held) if found[1] else held

    def _refuse_range(self) -> None:
        if self._peek() == "-" and self._text[self._at + 1 : self._at + 2] != "]":
            raise UnreadError("a range begins with a set")

    def _member(self) -> Ranges | int:
        mark = self._peek()
        self._at += 1
        if mark != "\\":
            return ord(mark)
        if self._at >= len(self._text):
            raise UnreadError("it ends with a \\")
        return self.read_escape(in_set=True)


def spell_set(ranges: Ranges, *, negated: bool) -> str:
    """Return a set as Python and Rust both read it."""
    if not ranges:
        return r"[\x00-\U0010FFFF]" if negated else r"[^\x00-\U0010FFFF]"
    spelled = "".join(
        f"\\U{low:08X}" if low == high else f"\\U{low:08X}-\\U{high:08X}" for low, high in ranges
    )
    return f"[{'^' if negated else ''}{spelled}]"
