"""Values to try on schemas: bounded, from the schemas' own constants, and directed by a schema's shape."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

SCALARS: list[Any] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    2,
    1.0,
    0.5,
    -0.5,
    1.5,
    10**20,
    "",
    "a",
    "b",
    "ab",
    "0",
    " ",
    "é",
]
WORDS = ["a", "b", "c", "ab", "abc", "a1", "A", "0", "12", "x-1", "", "aaaa", "zz", "é", "_"]
FORMATTED = [
    "2024-02-29",
    "2024-02-29T12:00:00Z",
    "123e4567-e89b-12d3-a456-426614174000",
    "P1D",
    "1.5",
    "12:00:00",
]


def collect_constants(schema: Any) -> tuple[list[Any], list[str]]:
    """The values and the property names that a schema mentions, with their neighbours."""
    values: list[Any] = []
    names: list[str] = []
    waiting = [schema]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            for key, member in current.items():
                if key in ("const", "default"):
                    values.append(member)
                elif key == "enum" and isinstance(member, list):
                    values.extend(member)
                elif key == "required" and isinstance(member, list):
                    names.extend(name for name in member if isinstance(name, str))
                elif key in (
                    "properties",
                    "dependentRequired",
                    "dependentSchemas",
                    "dependencies",
                ) and isinstance(member, dict):
                    names.extend(member)
                if isinstance(member, int | float) and not isinstance(member, bool):
                    values.extend(_surround(key, member))
                waiting.append(member)
        elif isinstance(current, list):
            waiting.extend(current)
    return values, list(dict.fromkeys(names))


def _surround(key: str, bound: float) -> list[Any]:
    if "Length" in key:
        return ["a" * count for count in range(max(int(bound) - 1, 0), int(bound) + 2) if count < 300]
    if "Items" in key or "Contains" in key:
        return [[0] * count for count in range(max(int(bound) - 1, 0), int(bound) + 2) if count < 30]
    return [bound - 1, bound, bound + 1, bound + 0.5, bound - 0.5, bound * 2, -bound]


class ValueMaker:
    """Makes values: any at all, or ones that lean towards what a schema allows."""

    def __init__(self, rng: random.Random, *schemas: Any) -> None:
        self._rng = rng
        self.constants: list[Any] = list(SCALARS)
        self.names: list[str] = ["a", "b", "zz"]
        for schema in schemas:
            values, names = collect_constants(schema)
            self.constants.extend(values)
            self.names.extend(names)
        self.names = list(dict.fromkeys(self.names))

    def make_any(self, depth: int = 2) -> Any:
        rng = self._rng
        roll = rng.random()
        if depth == 0 or roll < 0.6:
            return rng.choice(self.constants)
        if roll < 0.65:
            return rng.choice(WORDS + FORMATTED)
        if roll < 0.8:
            return [self.make_any(depth - 1) for _ in range(rng.randrange(4))]
        return {rng.choice(self.names): self.make_any(depth - 1) for _ in range(rng.randrange(4))}

    def make_like(self, schema: Any, root: Any, depth: int = 5) -> Any:
        """A value that tries, without any promise, to be valid under the schema."""
        rng = self._rng
        if not isinstance(schema, dict) or depth <= 0 or rng.random() < 0.03:
            return self.make_any(1)
        if "$ref" in schema:
            return self.make_like(_resolve(schema["$ref"], root), root, depth - 1)
        for key in ("anyOf", "oneOf", "allOf"):
            branches = schema.get(key)
            if isinstance(branches, list) and branches and rng.random() < 0.8:
                made = self.make_like(rng.choice(branches), root, depth - 1)
                if isinstance(made, dict) and "properties" in schema:
                    own = self.make_like({k: v for k, v in schema.items() if k != key}, root, depth - 1)
                    return {**own, **made} if isinstance(own, dict) else made
                return made
        if "const" in schema:
            return schema["const"]
        if schema.get("enum"):
            return rng.choice(schema["enum"])
        kind = schema.get("type") or self._guess(schema)
        if isinstance(kind, list):
            kind = rng.choice(kind) if kind else "null"
        return self._make_type(kind, schema, root, depth)

    def _guess(self, schema: dict[str, Any]) -> str:
        marks = {
            "object": (
                "properties",
                "required",
                "additionalProperties",
                "patternProperties",
                "minProperties",
            ),
            "array": ("items", "prefixItems", "minItems", "contains", "uniqueItems"),
            "string": ("pattern", "minLength", "maxLength"),
            "number": ("minimum", "maximum", "multipleOf"),
        }
        fitting = [kind for kind, keys in marks.items() if any(key in schema for key in keys)]
        return self._rng.choice(fitting or ["null", "string", "integer", "object", "array", "boolean"])

    def _make_type(self, kind: str, schema: dict[str, Any], root: Any, depth: int) -> Any:
        rng = self._rng
        if kind == "object":
            return self._make_object(schema, root, depth)
        if kind == "array":
            return self._make_array(schema, root, depth)
        if kind == "string":
            if rng.random() < 0.5:
                return rng.choice(WORDS + FORMATTED)
            least = int(schema.get("minLength", 0))
            most = int(schema.get("maxLength", least + 2))
            return "".join(rng.choice("abc01") for _ in range(min(rng.choice([least, most, least + 1]), 300)))
        if kind in ("integer", "number"):
            step = schema.get("multipleOf", 1)
            base = schema.get("minimum", schema.get("exclusiveMinimum", schema.get("maximum", 0)))
            base = 0 if isinstance(base, bool) else base
            value = rng.choice(
                [base, base + 1, base - 1, step * rng.randrange(-3, 9), base + rng.randrange(9)]
            )
            return value + 0.5 if kind == "number" and rng.random() < 0.3 else value
        return rng.random() < 0.5 if kind == "boolean" else None

    def _make_array(self, schema: dict[str, Any], root: Any, depth: int) -> list[Any]:
        rng = self._rng
        items = schema.get("items", True)
        leading = items if isinstance(items, list) else schema.get("prefixItems", [])
        rest = schema.get("additionalItems", True) if isinstance(items, list) else items
        least = int(schema.get("minItems", 0))
        most = int(schema.get("maxItems", least + 3))
        count = min(rng.choice([least, most, least + 1, len(leading), rng.randrange(4)]), 12)
        made = [
            self.make_like(leading[at] if at < len(leading) else rest, root, depth - 1)
            for at in range(max(count, 0))
        ]
        if "contains" in schema and rng.random() < 0.7:
            made.append(self.make_like(schema["contains"], root, depth - 1))
        return made

    def _make_object(self, schema: dict[str, Any], root: Any, depth: int) -> dict[str, Any]:
        rng = self._rng
        properties = schema.get("properties", {})
        required = schema.get("required", [])
        made: dict[Any, Any] = {}
        share = rng.choice([0.0, 0.5, 0.5, 1.0])
        for name in dict.fromkeys([*properties, *(required if isinstance(required, list) else [])]):
            if (name in required and rng.random() < 0.95) or rng.random() < share:
                made[name] = self.make_like(properties.get(name, True), root, depth - 1)
        rest = schema.get("additionalProperties", True)
        if rest is not False and rng.random() < 0.5:
            made[rng.choice(self.names + WORDS)] = self.make_like(rest, root, depth - 1)
        for part in schema.get("patternProperties", {}).values():
            if rng.random() < 0.5:
                made[rng.choice(WORDS)] = self.make_like(part, root, depth - 1)
        return made


def _resolve(reference: str, root: Any) -> Any:
    if not reference.startswith("#"):
        return True
    current = root
    for step in unquote(reference).removeprefix("#").split("/")[1:]:
        current = current[step.replace("~1", "/").replace("~0", "~")] if isinstance(current, dict) else True
    return current


def iterate_values(rng: random.Random, old: Any, new: Any, count: int) -> Iterator[Any]:
    """`count` values to try on both schemas: constants, then random ones, then ones like either schema."""
    maker = ValueMaker(rng, old, new)
    yield from islice(maker.constants, count // 3)
    for _ in range(count // 6):
        yield maker.make_any()
    for _ in range(count // 2):
        yield maker.make_like(old, old)
    for _ in range(count // 6):
        yield maker.make_like(new, new)
