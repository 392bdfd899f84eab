"""Values that a decoder takes although a check that no schema shows stands before it."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

from pydantic_core import ValidationError

from taskcontract.diff.schemas import find_example
from taskcontract.model.checks import CHECKS, INNER
from taskcontract.model.equality import same_exactly
from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.declare.codec import Codec
    from taskcontract.model.canonical import Json

__all__ = ["find_candidates", "find_taken", "with_examples"]

MOST = 3

_USUAL: tuple[Json, ...] = (
    "",
    "a",
    "1",
    0,
    1,
    2,
    "2020-01-01",
    "2020-01-01T00:00:00",
    "2020-01-01T00:00:00Z",
    "9999-12-31T00:00:00",
    "PT1H",
    "https://example.org/",
    "10.0.0.0/8",
    "2001:db8::/32",
    "0.5",
    [],
    {},
    [0, 1, 2],
    None,
)
"""Values to try, beside one that the rest of the schema takes."""


def with_examples(schema: Json, codec: Codec) -> Json:
    """Return `schema` with `examples` that `codec` takes, if it has checks that it does not show.

    They are what a comparison can go by: whether a new version still takes them is known.
    """
    if not isinstance(schema, dict) or f'"{CHECKS}"' not in dumps(schema):
        return schema
    taken: list[Json] = []
    for value in find_candidates(schema):
        if len(taken) < MOST and not any(same_exactly(value, known) for known in taken):
            try:
                codec.decode(value)
            except ValidationError:
                continue
            taken.append(value)
    return {**schema, "examples": taken} if taken else schema


def find_taken(codec: Codec, preferred: Iterable[Json] = ()) -> Iterator[Json]:
    """Values that `codec` takes, the `preferred` ones first; the same ones each time."""
    for value in (*preferred, *find_candidates(codec.schema("read"))):
        try:
            codec.decode(value)
        except ValidationError:
            continue
        yield value


def find_candidates(schema: Json) -> Iterator[Json]:
    """Values that a type with this `schema` may take, the likeliest first; the same ones each time."""
    shown = _without_checks(schema)
    for wanted in (shown, _with_all_fields(shown)):
        yield find_example(wanted, patterns="rust")
    yield from _USUAL


def _without_checks(schema: Json) -> Json:
    """Return the schema as if all checks passed; what stands behind a check counts for what it sees."""
    if not isinstance(schema, dict):
        return schema
    inner = schema.get(INNER)
    if isinstance(inner, dict):
        return _without_checks({**inner, **({"$defs": schema["$defs"]} if "$defs" in schema else {})})
    shown = change_parts(schema, _without_checks)
    return {name: part for name, part in shown.items() if name != CHECKS}


def _with_all_fields(schema: Json) -> Json:
    """Return the schema as if no field could be left out."""
    if not isinstance(schema, dict):
        return schema
    members = change_parts(schema, _with_all_fields)
    properties = schema.get("properties")
    return {**members, "required": [*properties]} if isinstance(properties, dict) else members
