r"""Patterns as Pact's core reads them: Oniguruma's, in the syntax of Ruby, held against a text as a whole.

They are spelled anew for Python's `re` and, where that can, for Rust's engine. What has no counterpart there
(recursion, conditions, graphemes) is refused. Sets are reckoned here: what a named one such as `\p{L}` or
`[[:alpha:]]` holds, a function says that is handed in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from taskcontract.model.pact_atoms import AtomSpeller
from taskcontract.model.pact_sets import UnreadError

if TYPE_CHECKING:
    from taskcontract.model.pact_sets import Named

__all__ = ["Spelled", "UnreadError", "find_pact_fault", "spell_pattern"]

MOST_REPEATS = 100_000
DEEPEST = 100
_INTERVAL = re.compile(r"\{(?:([0-9]+)(,([0-9]*))?|,([0-9]+))\}")
_OPTIONS = re.compile(r"\?([imx]*)(?:-([imx]*))?([:)])")
_NAMED = re.compile(r"\?(?:<([A-Za-z_][A-Za-z0-9_]*)>|'([A-Za-z_][A-Za-z0-9_]*)')")
_GROUPS: Final = {"?:": "(?:", "?=": "(?=", "?!": "(?!", "?<=": "(?<=", "?<!": "(?<!", "?>": "(?>"}


@dataclass(frozen=True, slots=True)
class Spelled:
    """A pattern for Python's `fullmatch`; `plain` where Rust's engine says the same of it.

    `folds` says that it is without regard to case somewhere.
    """

    text: str
    plain: bool
    folds: bool


@lru_cache(maxsize=1_000)
def find_pact_fault(pattern: str) -> str | None:
    """Return why `pattern` cannot be used, or None."""
    try:
        text = spell_pattern(pattern, lambda _name: ((0x61, 0x7A),), lines=True).text
        re.compile(text)
    except UnreadError as error:
        return str(error)
    except (ValueError, re.error, RecursionError, OverflowError) as error:
        return f"it is not a regular expression: {error}"
    return None


def spell_pattern(pattern: str, named: Named, *, lines: bool) -> Spelled:
    """Return `pattern` spelled anew; raise an UnreadError for one that is not read here.

    Without `lines` it is for texts without line feeds.
    """
    return _Speller(pattern, named, lines=lines).spell()


class _Speller(AtomSpeller):
    """Reads a pattern from left to right, and writes as it goes."""

    def __init__(self, pattern: str, named: Named, *, lines: bool) -> None:
        super().__init__(pattern, named, lines=lines)
        self._dots = False
        self._extended = False
        self._depth = 0
        self._repeatable = True
        self._alone = False
        """Whether the group that was read last is nothing but a place, which cannot be repeated."""

    def spell(self) -> Spelled:
        text = self._alternatives()
        if self._at < len(self._text):
            raise UnreadError("it has a ) without a (")
        return Spelled(text, self._plain, self._folded)

    def _alternatives(self) -> str:
        """Write all up to the end of this group; an option that stands alone holds up to there."""
        self._depth += 1
        if self._depth > DEEPEST:
            raise UnreadError(f"its groups stand in each other more than {DEEPEST} deep")
        kept = self.folds, self._dots, self._extended
        written: list[str] = []
        places = 0
        things = 0
        while self._at < len(self._text) and self._peek() != ")":
            if self._take("|"):
                written.append("|")
            elif self._extended and self._peek().isspace():
                self._at += 1
            elif self._extended and self._peek() == "#":
                end = self._text.find("\n", self._at)
                self._at = len(self._text) if end < 0 else end + 1
            elif self._text.startswith("(?#", self._at):
                self._comment()
            else:
                written.append(self._repeated())
                places += not self._repeatable
                things += self._repeatable
        self.folds, self._dots, self._extended = kept
        self._depth -= 1
        self._alone = places > 0 and not things
        return "".join(written)

    def _comment(self) -> None:
        while self._at < len(self._text) and self._peek() != ")":
            self._at += 2 if self._peek() == "\\" else 1
        if not self._take(")"):
            raise UnreadError("it has a comment without an end")
        if self._peek() and (self._peek() in "?*+" or _INTERVAL.match(self._text, self._at)):
            raise UnreadError("a comment is repeated")

    # What may be repeated.

    def _repeated(self) -> str:
        start = self._at
        written, self._repeatable = self._one()
        repeatable = self._repeatable
        first = True
        while True:
            if self._extended:
                while self._peek().isspace() and self._peek():
                    self._at += 1
            found = self._times()
            if found is None:
                self._repeatable = repeatable
                return written
            if not repeatable:
                raise UnreadError(f"{self._text[start : self._at]!r} repeats what cannot be repeated")
            times, mode = found
            if not first:
                written = f"(?:{written})"
            first = False
            if mode == "twice":
                written, times = f"(?:{written}{times})", "?"
            elif mode == "again":
                written, times = f"(?:{written}{times})", "+"
            elif mode == "+":
                self._plain = False
            written = f"{written}{times}{mode if mode in '?+' else ''}"

    def _times(self) -> tuple[str, str] | None:
        """Return a quantifier and how it is meant: greedy, `?`, `+`, or one of Ruby's peculiarities."""
        mark = self._peek()
        if mark and mark in "?*+":
            self._at += 1
            mode = self._peek()
            return (mark, mode) if mode and mode in "?+" and self._take(mode) else (mark, "")
        found = _INTERVAL.match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        exact, comma, most, only = found.groups()
        low, high = (
            (0, int(only)) if only else (int(exact), int(most) if most else None if comma else int(exact))
        )
        if max(low, high or 0) > MOST_REPEATS:
            raise UnreadError(f"it repeats something more than {MOST_REPEATS:,} times")
        if high is not None and low > high:
            raise UnreadError(f"{found[0]} is upside down")
        times = f"{{{low},{'' if high is None else high}}}" if comma or only else f"{{{low}}}"
        if self._take("?"):
            return (times, "twice") if not comma and not only else (times, "?")
        return (times, "again") if self._take("+") else (times, "")

    def _one(self) -> tuple[str, bool]:
        """Write the next thing; say whether it may be repeated."""
        mark = self._peek()
        if mark == "(":
            if self._behind:
                raise UnreadError("it has a group in a look behind")
            return self._group()
        if _INTERVAL.match(self._text, self._at):
            raise UnreadError("nothing comes before an interval for it to repeat")
        if mark == "[":
            return self._set(self._bracket()), True
        self._at += 1
        if mark == "\\":
            return self._escape()
        if mark == ".":
            return r"(?s:.)" if self._dots else r"[^\n]", True
        if mark in "^$":
            return self._anchor(mark), False
        if mark in "?*+":
            raise UnreadError(f"nothing comes before {mark!r} for it to repeat")
        return self._letter(ord(mark)), True

    # Groups.

    def _group(self) -> tuple[str, bool]:
        self._at += 1
        if self._peek() != "?":
            if self._captures:
                self._groups += 1
            return self._closed("(" if self._captures else "(?:"), True
        options = _OPTIONS.match(self._text, self._at)
        if options is not None:
            return self._with_options(options)
        named = _NAMED.match(self._text, self._at)
        if named is not None:
            name = named[1] or named[2]
            if name in self._names:
                raise UnreadError(f"two groups have the name {name!r}")
            self._names.add(name)
            self._at = named.end()
            return self._closed(f"(?P<{name}>"), True
        for mark in sorted(_GROUPS, key=len, reverse=True):
            if self._take(mark):
                if mark == "?:":
                    return self._closed("(?:"), not self._alone
                self._plain = False
                behind = mark in ("?<=", "?<!")
                self._behind += behind
                written = self._closed(_GROUPS[mark])
                self._behind -= behind
                return written, mark == "?>"
        raise UnreadError(f"the group {self._text[self._at - 1 : self._at + 4]!r} is not read here")

    def _closed(self, opening: str) -> str:
        inside = self._alternatives()
        if not self._take(")"):
            raise UnreadError("it has a ( without a )")
        return f"{opening}{inside})"

    def _with_options(self, found: re.Match[str]) -> tuple[str, bool]:
        self._at = found.end()
        on, off = found[1], found[2] or ""
        kept = self.folds, self._dots, self._extended
        self.folds = ("i" in on or self.folds) and "i" not in off
        self._dots = ("m" in on or self._dots) and "m" not in off
        self._extended = ("x" in on or self._extended) and "x" not in off
        if found[3] == ")":  # for the rest of the group that it stands in, with its alternatives
            inside = f"(?:{self._alternatives()})"
            self.folds, self._dots, self._extended = kept
            return inside, False
        inside = self._closed("(?:")
        self.folds, self._dots, self._extended = kept
        return inside, not self._alone
