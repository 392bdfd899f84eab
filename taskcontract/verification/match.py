"""Matchers: say of a value in an example how the actual one may differ.

Use it as a module, anywhere in an example: `match.regex(r"s3://.+", "s3://b/1")`,
`Stored(url=match.like("s3://b/1"), etag=match.not_empty("9b2c"), size=match.integer(2))`. What stands
in no matcher must be equal; a matcher also holds for what is inside its example.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from taskcontract.model.generators import GENERATED
from taskcontract.model.matchers import DECLARED, NULLABLE, OPTIONAL

__all__ = [
    "Matcher",
    "all_of",
    "any_of",
    "array_containing",
    "boolean",
    "date",
    "datetime",
    "decimal",
    "each_key",
    "each_like",
    "each_value",
    "equal",
    "from_spec",
    "from_state",
    "generated",
    "includes",
    "integer",
    "like",
    "not_empty",
    "null",
    "nullable",
    "number",
    "optional",
    "regex",
    "semver",
    "time",
    "values",
]


@dataclass(frozen=True, slots=True, eq=False)
class Matcher:
    """An `example` with Pact's matcher `name` and its `parameters`; may stand wherever a value may.

    With `each`, the example is one item of an array. As the key of a dict it stands for all keys.
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
    """Match a string that `pattern` matches as a whole; other values are compared as JSON text.

    A pattern of Python's `re`, or one of Pact's that Python does not read, such as `[[:alpha:]]+`.
    """
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


def semver(example: Any) -> Any:
    """Match a semantic version, such as 1.2.3-rc.1."""
    return Matcher("semver", example)


def date(example: Any, *, form: str = "yyyy-MM-dd") -> Any:
    """Match a date of a form in the letters of Java's formatter."""
    return Matcher("date", example, {"format": form})


def time(example: Any, *, form: str = "HH:mm:ss") -> Any:
    """Match a time of a form in the letters of Java's formatter."""
    return Matcher("time", example, {"format": form})


def datetime(example: Any, *, form: str = "yyyy-MM-dd'T'HH:mm:ssXXX") -> Any:
    """Match a moment of a form in the letters of Java's formatter; what has an offset ends with `XXX`."""
    return Matcher("datetime", example, {"format": form})


def null() -> Any:
    """Match null alone: for use inside of `like` and `any_of`."""
    return Matcher("null", None)


def values(example: Any) -> Any:
    """Match an object with any keys, whose values are like those of `example`, the others like its first."""
    return Matcher("values", example)


def each_key(key: Any, example: Any) -> Any:
    """Match an object all of whose keys fit the matcher `key`."""
    return Matcher("eachKey", example, {"rules": (key,)})


def each_value(value: Any, example: Any) -> Any:
    """Match an object or array all of whose values fit the matcher `value`, whatever the keys are."""
    return Matcher("eachValue", example, {"rules": (value,)})


def array_containing(*items: Any) -> Any:
    """Match an array that has, among others and in any order, an item like each of `items`."""
    return Matcher("arrayContains", list(items))


def any_of(*matchers: Any) -> Any:
    """Match what one of the matchers does; the first one's example is the example."""
    return Matcher("OR", matchers)


def all_of(*matchers: Any) -> Any:
    """Match what all of the matchers do; the first one's example is the example."""
    return Matcher("AND", matchers)


def nullable(example: Any) -> Any:
    """Match null, or what the example or matcher does."""
    return Matcher(NULLABLE, example)


def optional(example: Any) -> Any:
    """Match a member of an object that may be missing; if it is there, it is like the example or matcher."""
    return Matcher(OPTIONAL, example)


def from_spec(*example: Any) -> Any:
    """Match any value that the declared type allows at this place of a result or an argument.

    Without an `example`, one of that type is made up.
    """
    if len(example) > 1:
        raise TypeError(f"from_spec takes one example, not {len(example)}")
    return Matcher(DECLARED, example)


def from_state(name: str, example: Any) -> Any:
    """Stand for an argument that a provider state hands out as `name` when the call is replayed.

    In the test it matches what is like the example, or what the matcher that is given as the example does.
    """
    return generated("ProviderState", example, expression=f"${{{name}}}")


def generated(kind: str, example: Any, **parameters: Any) -> Any:
    """Stand for an argument that one of Pact's generators, such as `Uuid`, makes anew for each replay.

    In the test it matches what is like the example, or what the matcher that is given as the example does.
    """
    return Matcher(GENERATED, example, {**parameters, "kind": kind})
