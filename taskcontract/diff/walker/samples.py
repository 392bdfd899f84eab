"""Values that a parameter takes, chosen so that a reader sees which is which."""

from __future__ import annotations

from json import dumps, loads
from typing import TYPE_CHECKING, Any

from taskcontract.diff.walker.nodes import resolve, standalone
from taskcontract.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.diff.walker.engine import SchemaEngine
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec

__all__ = ["Samples", "usual_texts"]

NOTES = frozenset(
    {"type", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}
)
"""Keywords that say nothing more about a value than its type."""

FORMATS = {
    "date-time": "2027-01-{0:02}T12:00:00Z",
    "naive-date-time": "2027-01-{0:02}T12:00:00",
    "date": "2027-01-{0:02}",
    "time": "12:{0:02}:00Z",
    "naive-time": "12:{0:02}:00",
    "duration": "PT{0}H",
    "email": "someone{0}@example.org",
    "uri": "https://example.org/{0}",
    "uuid": "00000000-0000-4000-8000-0000000000{0:02}",
    "decimal": "{0}.5",
    "byte": "AA{0:02}",
    "binary": "AA{0:02}",
    "base64": "AA{0:02}",
    "base64url": "AA{0:02}",
    "path": "/tmp/{0}",  # noqa: S108 - nothing is written there
    "ipv4": "192.0.2.{0}",
    "ipv6": "2001:db8::{0}",
    "hostname": "host{0}.example.org",
}
"""A text of each format that differs by a number from 1 to 28."""

USUAL = {"decimal": ("1000000.5", "0.0000015", "-2.5", "0", "1E+30")}
"""Texts of a format as typed callers send them; the shortest text may be one that none of them sends."""

MOST_TRIED = 40
DEEPEST, SHOWN = 6, 2
"""How deep values are made to be read, and down to where they hold something, no null or empty list."""
UNKNOWN = object()


class Samples:
    """Values that the engine knows schemas to take, made once for each schema of a comparison."""

    def __init__(self, engine: SchemaEngine) -> None:
        self._engine = engine
        self._known: dict[tuple[str, str, int], str] = {}

    def value_for(self, parameter: ParameterSpec, number: int, label: str | None = None) -> Json:
        """Return a readable value for `parameter`: its name (or `label`) as text, `number` as number."""
        return self.value_of(parameter.schema, label or parameter.name, number)

    def value_of(self, schema: Json, label: str = "text", number: int = 1) -> Json:
        """Return a value that `schema` accepts; None if none was found."""
        key = dumps(schema), label, number
        if key not in self._known:
            self._known[key] = dumps(self._make(loads(key[0]), label, number))
        answer: Json = loads(self._known[key])
        return answer

    def member_of(self, schema: Json) -> Json:
        """Any value that the engine knows `schema` to take, or None if it knows none."""
        try:
            # What a schema takes beyond the one that takes nothing is any value of it.
            return self._engine.ask(schema, False).witness
        except SpecError:  # it is reported where the schema itself is compared
            return None

    def _make(self, schema: Json, label: str, number: int) -> Json:
        try:
            value = self._find(schema, schema, label, number, 0)
        except SpecError:  # it is reported where the schema itself is compared
            return None
        return self.member_of(schema) if value is UNKNOWN else value

    def _find(self, schema: Json, root: Json, label: str, number: int, depth: int) -> Any:
        """Return a readable value that `schema`, a part of `root`, is known to accept; else UNKNOWN."""
        value = _plain(schema, label, number)
        if value is not UNKNOWN or depth > DEEPEST or self._engine.budget.used_up:
            return value
        alone = standalone(schema, root)
        for tried, candidate in enumerate(self._candidates(schema, root, label, number, depth)):
            if self._engine.ask({"const": candidate}, alone).verdict == "included":
                return candidate
            if tried == MOST_TRIED or self._engine.budget.used_up:
                break
        return UNKNOWN

    def _candidates(self, schema: Json, root: Json, label: str, number: int, depth: int) -> Iterator[Json]:
        """Yield readable values that `schema`, a part of `root`, may accept; the caller has to try them."""
        schema = resolve(schema, root)
        if not isinstance(schema, dict) or depth > DEEPEST:
            yield label
            return
        if "const" in schema:
            yield schema["const"]
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            values = [value for value in schema["enum"] if value is not None] or schema["enum"]
            yield values[(number - 1) % len(values)]
            yield from values[:5]
        for key in ("anyOf", "oneOf", "allOf"):
            options = schema.get(key)
            for option in (
                sorted(options, key=_rank, reverse=depth > SHOWN) if isinstance(options, list) else ()
            ):
                yield from self._candidates(option, root, label, number, depth + 1)
        named = schema.get("type")
        for kind in [named] if isinstance(named, str) else named if isinstance(named, list) else []:
            yield from self._of_kind(kind, schema, root, label, number, depth)

    def _of_kind(
        self, kind: str, schema: dict[str, Json], root: Json, label: str, number: int, depth: int
    ) -> Iterator[Json]:
        if kind == "string":
            yield from _texts(schema, label, number)
        elif kind in ("integer", "number"):
            yield from _numbers(kind, schema, number)
        elif kind == "boolean":
            yield number % 2 == 1
        elif kind == "array":
            yield from self._arrays(schema, root, label, number, depth)
        elif kind == "object":
            yield from self._objects(schema, root, label, number, depth)
        elif kind == "null":
            yield None

    def _arrays(
        self, schema: dict[str, Json], root: Json, label: str, number: int, depth: int
    ) -> Iterator[Json]:
        prefix = schema.get("prefixItems")
        places = (
            [self._first(part, root, label, number + at, depth) for at, part in enumerate(prefix)]
            if isinstance(prefix, list)
            else []
        )
        least = schema.get("minItems")
        least = least if isinstance(least, int) and least < 50 else 0
        # What holds itself has to end somewhere.
        wanted = max(1, least) if depth < SHOWN else least
        item = schema.get("items", True)
        if item is not False:
            more = max(0, wanted - len(places))
            yield places + [self._first(item, root, label, number + at, depth) for at in range(more)]
        yield places
        yield []

    def _objects(
        self, schema: dict[str, Json], root: Json, label: str, number: int, depth: int
    ) -> Iterator[Json]:
        properties, required = schema.get("properties"), schema.get("required")
        named = properties if isinstance(properties, dict) else {}
        needed = [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
        given = {
            name: self._first(named.get(name, True), root, name, number + at, depth)
            for at, name in enumerate(needed)
        }
        extra, keys = schema.get("additionalProperties", True), schema.get("propertyNames")
        if not given and not named and extra is not False:
            key = self._first(keys, root, "key", number, depth) if keys is not None else "key"
            if isinstance(key, str):
                yield {key: self._first(extra, root, label, number, depth)}
        yield given

    def _first(self, schema: Json, root: Json, label: str, number: int, depth: int) -> Json:
        """One value for a part: a telling one, or else whatever the engine finds."""
        value = self._find(schema, root, label, number, depth + 1)
        return self.member_of(standalone(schema, root)) if value is UNKNOWN else value


def usual_texts(schema: Json) -> tuple[str, ...]:
    """Texts of the format that `schema` names, to try where its sample shows nothing."""
    return USUAL.get(schema.get("format") or "", ()) if isinstance(schema, dict) else ()


def _plain(schema: Json, label: str, number: int) -> Any:
    """Return a readable value for a schema that is simple enough to accept it for certain; else UNKNOWN."""
    if schema is True or schema == {}:
        return label
    if isinstance(schema, dict) and schema.keys() <= NOTES:
        plain = {"string": label, "integer": number, "number": number + 0.5, "boolean": number % 2 == 1}
        kind = schema.get("type")
        return plain.get(kind, UNKNOWN) if isinstance(kind, str) else UNKNOWN
    return UNKNOWN


def _rank(option: Json) -> int:
    """Rank an alternative by how much it tells: a text with a format first, null last."""
    if not isinstance(option, dict) or option.get("type") == "null":
        return 2
    return 0 if "format" in option else 1


def _texts(schema: dict[str, Json], label: str, number: int) -> Iterator[Json]:
    form = schema.get("format")
    if isinstance(form, str) and form in FORMATS:
        yield FORMATS[form].format((number - 1) % 28 + 1)
        if f"naive-{form}" in FORMATS:
            yield FORMATS[f"naive-{form}"].format((number - 1) % 28 + 1)
    least, most = schema.get("minLength"), schema.get("maxLength")
    yield label
    if isinstance(least, int) and len(label) < least < 1_000:
        yield (label * least)[:least]
    if isinstance(most, int) and most < len(label):
        yield label[:most]
    yield from (f"{label} {number}", label.upper(), str(number), f"{number}.5")
    if "pattern" in schema:  # one of the formats may be meant
        yield from (text.format((number - 1) % 28 + 1) for text in FORMATS.values())


def _numbers(kind: str, schema: dict[str, Json], number: int) -> Iterator[Json]:
    yield number if kind == "integer" else number + 0.5
    for key, step in (("minimum", 0), ("exclusiveMinimum", 1), ("maximum", 0), ("exclusiveMaximum", -1)):
        limit = schema.get(key)
        if isinstance(limit, int | float) and not isinstance(limit, bool):
            yield limit + step + (number if key.endswith("inimum") else 0)
            yield limit + step
    factor = schema.get("multipleOf")
    if isinstance(factor, int | float):
        yield factor * number
