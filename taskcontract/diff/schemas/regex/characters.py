r"""Sets of characters, as the two dialects of regular expressions define them.

ECMA-262 is what JSON Schema names, and its classes are ASCII's; Python's `re`, on which Python's validators
run, takes every Unicode digit for `\d`. Where the two differ nothing is called proved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.model.character_ranges import LAST, SURROGATES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.character_ranges import Ranges

_ECMA: dict[str, Ranges] = {
    "d": ((0x30, 0x39),),
    "w": ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
    "s": (
        (0x09, 0x0D),
        (0x20, 0x20),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ),
    ".": ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)),
}

#: Characters outside ASCII of every kind that the dialects tell apart: digits, letters, spaces, others.
_SAMPLES = (
    0x660,
    0x663,
    0x966,
    0xE9,
    0xDF,
    0x3BB,
    0x44F,
    0x4E2D,
    0xA0,
    0x2003,
    0x2028,
    0x85,
    0xFEFF,
    0xB2,
    0x2022,
    0x1F600,
)

#: The plainest characters first: a witness is built from them.
PLAIN = tuple(
    ord(character)
    for character in "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    "-_ .,:;/@#+*=!?%&()[]{}<>|~^$'\"`\\"
)


class Characters(NamedTuple):
    """The characters in any of the ranges or classes, or, if negated, all others.

    A class is one of `d`, `w`, `s`, their complements `D`, `W`, `S`, or `.`.
    """

    ranges: Ranges
    classes: frozenset[str] = frozenset()
    negated: bool = False

    def has(self, code: int, python: bool) -> bool:
        """Whether the character of this code is in the set, in Python's dialect or in ECMA-262's."""
        found = any(low <= code <= high for low, high in self.ranges) or any(
            _in_class(code, name, python) for name in self.classes
        )
        return found is not self.negated


EVERY = Characters((), frozenset(), True)


def _in_class(code: int, name: str, python: bool) -> bool:
    kind = name.lower()
    if python and kind != ".":
        character = chr(code)
        if kind == "d":
            found = character.isdecimal()
        elif kind == "w":
            found = character.isalnum() or code == 0x5F
        else:
            found = character.isspace()
    elif python:
        found = code == 0x0A
    else:
        found = any(low <= code <= high for low, high in _ECMA[kind])
    return found is (name == kind and name != ".")


def find_representatives(sets: Iterable[Characters], python: bool) -> list[int]:
    """One character, the plainest, for each way to be in some of the sets and not in the others."""
    distinct = list(sets)
    codes: dict[int, None] = dict.fromkeys(PLAIN)
    edges: set[int] = {0, 0x80}
    for characters in distinct:
        _add_edges(edges, characters.ranges)
        for name in characters.classes:
            _add_edges(edges, _ECMA[name.lower()])
    codes.update(dict.fromkeys(sorted(edges)))
    if python:
        codes.update(dict.fromkeys(range(0x80)))
        codes.update(dict.fromkeys(_SAMPLES))
    found: dict[tuple[bool, ...], int] = {}
    for code in codes:
        found.setdefault(tuple(characters.has(code, python) for characters in distinct), code)
    return list(found.values())


def _add_edges(edges: set[int], ranges: Ranges) -> None:
    for low, high in ranges:
        for code in (low, high, low - 1, high + 1):
            if SURROGATES[0] <= code <= SURROGATES[1]:
                edges.update((SURROGATES[0] - 1, SURROGATES[1] + 1))
            elif 0 <= code <= LAST:
                edges.add(code)
