"""Patterns as trees, whichever dialect they are written in, and what all their parsers share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NamedTuple, TypeAlias

from taskcontract.diff.schemas.regex.characters import Characters

MOST_GROUPS_DEEP = 40


class PatternError(ValueError):
    """Not a regular expression in any dialect."""


class UnsupportedPatternError(Exception):
    """A regular expression that this package cannot turn into a language (a backreference, say)."""


class Concatenation(NamedTuple):
    """Its parts, one after the other."""

    parts: tuple[Tree, ...]


class Choice(NamedTuple):
    """One of several branches."""

    branches: tuple[Tree, ...]


class Repeat(NamedTuple):
    """A part in a row, from `least` to `most` times; None for no limit."""

    part: Tree
    least: int
    most: int | None


class Start(NamedTuple):
    """An assertion at the start of a string or line."""

    mark: str = "^"


class End(NamedTuple):
    """An assertion at the end of a string or line."""

    mark: str = "$"


class Ahead(NamedTuple):
    """A look-ahead: `part` matches here, or does not if `negated`."""

    part: Tree
    negated: bool


class Look(NamedTuple):
    """Nothing, where the characters around satisfy this assertion; Rust has several."""

    kind: str


Tree: TypeAlias = Concatenation | Choice | Repeat | Start | End | Ahead | Look | Characters


class Scanner(ABC):
    """A place in a pattern, from which a parser reads on."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0

    @abstractmethod
    def _sequence(self) -> Tree:
        """Read one alternative."""

    def _take(self, token: str) -> bool:
        if self._text.startswith(token, self._at):
            self._at += len(token)
            return True
        return False

    def _choice(self) -> Tree:
        branches = [self._sequence()]
        while self._take("|"):
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))
