"""Matchers: say of a value in an example how the actual one may differ.

Use it as a module, anywhere in an example: `match.regex(r"s3://.+", "s3://b/1")`,
`Stored(url=match.like("s3://b/1"), etag=match.not_empty("9b2c"), size=match.integer(2))`. What stands
in no matcher must be equal; a matcher also holds for what is inside its example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "Matcher",
    "boolean",
    "decimal",
    "each_like",
    "equal",
    "includes",
    "integer",
    "like",
    "not_empty",
    "number",
    "regex",
]


@dataclass(frozen=True, slots=True)
class Matcher:
    """An `example` with Pact's matcher `name` and its `parameters`; may stand wherever a value may.

    With `each`, the example is one item of an array.
    """

    name: str
    example: Any
    parameters: dict[str, Any] = field(default_factory=dict)
    each: bool = False

    def __str__(self) -> str:
        """Return the example's text: an error may make its own of what it is given."""
        return str(self.example)

    def __format__(self, form: str) -> str:
        return format(self.example, form)


# Each function returns Any rather than Matcher, so that type checkers accept it instead of the value.


def like(example: Any) -> Any:
    """Match any value of the same JSON type, and so on for all inside; arrays may have any length."""
    return Matcher("type", example)


def each_like(example: Any, *, min: int = 1, max: int | None = None) -> Any:  # noqa: A002 - Pact's words
    """Match an array of items like `example`, at least `min` and at most `max` of them."""
    sizes = {"min": min} if max is None else {"min": min, "max": max}
    return Matcher("type", example, sizes, each=True)


def equal(example: Any) -> Any:
    """Match exactly this value: for use inside of `like`."""
    return Matcher("equality", example)


def regex(pattern: str, example: Any) -> Any:
    """Match a string that `pattern` matches as a whole; other values are compared as JSON text."""
    return Matcher("regex", example, {"regex": pattern})


def includes(part: str, example: Any) -> Any:
    """Match a string that contains `part`."""
    return Matcher("include", example, {"value": part})


def integer(example: Any) -> Any:
    """Match an integer; 1.0 does not match."""
    return Matcher("integer", example)


def decimal(example: Any) -> Any:
    """Match a number with decimals; 1 does not match. A Decimal travels as a string: use `regex` for it."""
    return Matcher("decimal", example)


def number(example: Any) -> Any:
    """Match any number."""
    return Matcher("number", example)


def boolean(example: Any) -> Any:
    """Match true or false."""
    return Matcher("boolean", example)


def not_empty(example: Any) -> Any:
    """Match anything but null, an empty string, array or object."""
    return Matcher("notEmpty", example)
