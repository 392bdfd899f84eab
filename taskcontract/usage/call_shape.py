"""The shape of a call: how many arguments, under which names, of which JSON types; none of their values."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "BEFORE",
    "KINDS",
    "MOST_TEXT",
    "OTHER_SHAPE",
    "UNTOLD",
    "CallShape",
    "check_shape",
    "coarsen",
    "read_shape",
    "tell_shape",
]

OTHER_SHAPE = "(other)"
"""All calls whose shapes are beyond those that are kept apart: messages may have any arguments."""

BEFORE = "(before)"
"""All calls that a store had counted before it was told of any shape."""

UNTOLD = "?"
"""The type of a value whose type is not told: no type of JSON's, or too many shapes to tell them apart."""

MOST_ARGUMENTS = 100
MOST_TEXT = 1_000
"""The most characters that a shape is written in; a longer one counts as OTHER_SHAPE."""

MOST_CACHED = 2_000

KINDS: dict[type, str] = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    tuple: "array",
    dict: "object",
}
"""What JSON calls the types that its values are read as."""


class CallShape(NamedTuple):
    """What is told of one call: a type for each positional argument, and one for each keyword, by name.

    A type is one of JSON's, with the declared alternative that the value was, where there are several of that
    type (`object:Photo`, `string:"eu"`), or UNTOLD.
    """

    positionals: tuple[str, ...] = ()
    keywords: tuple[tuple[str, str], ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of its keywords, sorted."""
        return tuple(name for name, _ in self.keywords)

    def write(self) -> str:
        """Return its only text, by which it is counted."""
        return json.dumps([self.positionals, dict(sorted(self.keywords))], separators=(",", ":"))

    def spell(self) -> str:
        """Return it for people: `(string, object:Photo, meta=object)`."""
        return f"({', '.join([*self.positionals, *(f'{name}={kind}' for name, kind in self.keywords)])})"


def read_shape(text: str) -> CallShape | None:
    """Return the shape that `text` is of, None for OTHER_SHAPE and BEFORE; a ValueError for other texts."""
    if text in (OTHER_SHAPE, BEFORE):
        return None
    found = json.loads(text)
    match found:
        case [list(positionals), dict(keywords)]:
            if all(isinstance(kind, str) for kind in (*positionals, *keywords.values())):
                return CallShape(tuple(positionals), tuple(sorted(keywords.items())))
    raise ValueError(f"{text!r} is not the shape of a call")


def check_shape(text: str) -> str:
    """Return `text` if it is that of a shape, or one for the rest; a ValueError for any other."""
    read_shape(text)
    return text


def coarsen(text: str) -> str:
    """Return the text of the shape with as many arguments and the same names, of which no type is told."""
    shape = read_shape(text)
    if shape is None:
        return text
    keywords = tuple((name, UNTOLD) for name in shape.names)
    return CallShape((UNTOLD,) * len(shape.positionals), keywords).write()


_texts: dict[tuple[object, ...], str] = {}


def tell_shape(args: Sequence[Any], kwargs: Mapping[str, Any], labels: tuple[str, ...] = ()) -> str:
    """Return the text of the shape of a call, whatever its arguments are.

    `labels` are the declared alternatives of its values (first those of `args`, then those of `kwargs`; empty
    where there is none to tell), or nothing at all.
    """
    key = (*map(type, args), None, *kwargs, None, *map(type, kwargs.values()), labels)
    told = _texts.get(key)
    if told is None:
        told = _tell(args, kwargs, labels)
        if told != OTHER_SHAPE and len(_texts) < MOST_CACHED:
            _texts[key] = told
    return told


def _tell(args: Sequence[Any], kwargs: Mapping[str, Any], labels: tuple[str, ...]) -> str:
    number = len(args) + len(kwargs)
    names = [name for name in kwargs if isinstance(name, str)]
    if number > MOST_ARGUMENTS or len(names) < len(kwargs) or sum(map(len, names)) > MOST_TEXT:
        return OTHER_SHAPE
    kinds = [KINDS.get(type(value), UNTOLD) for value in (*args, *kwargs.values())]
    if labels:
        kinds = [f"{kind}:{label}" if label else kind for kind, label in zip(kinds, labels, strict=True)]
    keywords = zip(names, kinds[len(args) :], strict=True)
    text = CallShape(tuple(kinds[: len(args)]), tuple(keywords)).write()
    return text if len(text) <= MOST_TEXT else OTHER_SHAPE
