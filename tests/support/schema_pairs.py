"""Random schemas over a small stock of constants, and edits that make a second schema of a first."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

NAMES = ["a", "b", "c", "ab"]
PATTERNS = [
    "^a",
    "b$",
    "^[a-c]+$",
    "^a*$",
    "ab|c",
    "^(a|b)c?$",
    "^[^a]",
    "[0-9]",
    "^.{2,4}$",
    "^(?!a)",
    "^\\S+$",
    "a.b",
    "^[^\\d]$",
    "é",
    "^x-",
    "^\\w+$",
    "\\d{2}",
]
CONSTANTS: list[Any] = [0, 1, 2, 3, 1.5, True, False, None, "", "a", "b", "ab", [], [1], {}, {"a": 1}, ["a"]]
DIALECTS = {
    4: "http://json-schema.org/draft-04/schema#",
    7: "http://json-schema.org/draft-07/schema#",
    2019: "https://json-schema.org/draft/2019-09/schema",
}
TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"]


class SchemaMaker:
    """Makes schemas of one draft, and edits them."""

    def __init__(self, rng: random.Random, draft: int = 2020) -> None:
        self._rng = rng
        self._draft = draft
        self._can_refer = False

    def make_pair(self) -> tuple[Any, Any]:
        """Two schemas: mostly one and its edit, else two of their own."""
        rng = self._rng
        old = new = self.make_root()
        if rng.random() < 0.2:
            new = self.make_root()
        else:
            for _ in range(rng.choice([1, 1, 1, 2, 3])):
                new = self.edit(new)
        old, new = self._declare(old), self._declare(new)
        return (old, new) if rng.random() < 0.5 else (new, old)

    def _declare(self, schema: Any) -> Any:
        if self._draft == 2020:
            return schema
        if self._draft == 4:
            schema = _downgrade(schema)
        elif not isinstance(schema, dict):
            schema = {} if schema else {"not": {}}
        return {"$schema": DIALECTS[self._draft], **schema}

    def make_root(self) -> Any:
        self._can_refer = self._rng.random() < 0.25
        schema = self.make(3)
        if self._can_refer:
            if not isinstance(schema, dict):
                schema = {}
            schema["$defs"] = {"D": self._guard(self.make(2)), "E": self._guard(self.make(2))}
            if self._rng.random() < 0.5:
                schema.setdefault("$ref", "#/$defs/D")
        return schema

    def _guard(self, schema: Any) -> Any:
        """Without references to the definitions in places where they would loop on the same value."""
        if not isinstance(schema, dict):
            return schema
        schema.pop("$ref", None)
        for key in ("anyOf", "oneOf", "allOf"):
            if key in schema:
                schema[key] = [self._guard(part) for part in schema[key]]
        for key in ("not", "if", "then", "else"):
            if key in schema:
                schema[key] = self._guard(schema[key])
        for key in ("dependentSchemas", "dependencies"):
            for name in schema.get(key, {}):
                schema[key][name] = self._guard(schema[key][name])
        return schema

    def make(self, depth: int) -> Any:
        rng = self._rng
        roll = rng.random()
        if roll < 0.05:
            return rng.choice([True, True, False, {}])
        if self._can_refer and roll < 0.2:
            return {"$ref": rng.choice(["#/$defs/D", "#/$defs/E"])}
        if depth <= 0:
            return rng.choice(
                [
                    {"type": rng.choice(TYPES[:5])},
                    {"const": rng.choice([*CONSTANTS, 1.0, 10**20, "é"])},
                    self._scalar(),
                ]
            )
        if roll < 0.35:
            return self._connective(depth)
        makers = [
            self._scalar,
            self._number,
            self._string,
            lambda: self._array(depth),
            lambda: self._object(depth),
        ]
        schema = rng.choices(makers, [2, 2, 2, 3, 4])[0]()
        if rng.random() < 0.08:
            schema.update(self._connective(depth - 1))
        return schema

    def _connective(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        keyword = rng.choice(["anyOf", "anyOf", "oneOf", "allOf", "not", "if"])
        if keyword == "not":
            return {"not": self.make(depth - 1)}
        if keyword == "if":
            made = {"if": self.make(depth - 1), "then": self.make(depth - 1)}
            return {**made, "else": self.make(depth - 1)} if rng.random() < 0.5 else made
        return {keyword: [self.make(depth - 1) for _ in range(rng.choice([1, 2, 2, 3]))]}

    def _scalar(self) -> dict[str, Any]:
        rng = self._rng
        roll = rng.random()
        if roll < 0.5:
            return {"type": rng.choice([rng.choice(TYPES), rng.sample(TYPES, 2)])}
        return (
            {"enum": rng.sample(CONSTANTS, rng.randrange(1, 5))}
            if roll < 0.8
            else {"const": rng.choice([*CONSTANTS, 1.0, 10**20, "é"])}
        )

    def _maybe(self, schema: dict[str, Any], keyword: str, choices: list[Any], chance: float = 0.4) -> None:
        if self._rng.random() < chance:
            schema[keyword] = self._rng.choice(choices)

    def _number(self) -> dict[str, Any]:
        schema: dict[str, Any] = {}
        self._maybe(schema, "type", ["integer", "number"], 0.8)
        self._maybe(schema, "minimum", [-1, 0, 1, 0.5, 2])
        self._maybe(schema, "maximum", [0, 1, 1.5, 3, 10])
        self._maybe(schema, "exclusiveMinimum", [-1, 0, 1], 0.15)
        self._maybe(schema, "exclusiveMaximum", [1, 2, 2.5], 0.15)
        self._maybe(schema, "multipleOf", [1, 2, 3, 6, 0.5, 1.5, 0.1], 0.25)
        return schema

    def _string(self) -> dict[str, Any]:
        schema: dict[str, Any] = {}
        self._maybe(schema, "type", ["string"], 0.8)
        self._maybe(schema, "minLength", [0, 1, 2, 3])
        self._maybe(schema, "maxLength", [0, 1, 2, 4])
        self._maybe(schema, "pattern", PATTERNS)
        self._maybe(schema, "format", ["date", "uuid"], 0.1)
        return schema

    def _array(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        schema: dict[str, Any] = {}
        self._maybe(schema, "type", ["array"], 0.8)
        if rng.random() < 0.6:
            schema["items"] = self.make(depth - 1)
        if rng.random() < 0.25:
            leading = [self.make(depth - 1) for _ in range(rng.randrange(1, 3))]
            if self._draft == 2020:
                schema["prefixItems"] = leading
            else:
                schema["items"] = leading
                if rng.random() < 0.5:
                    schema["additionalItems"] = self.make(depth - 1)
        self._maybe(schema, "minItems", [0, 1, 2, 3], 0.3)
        self._maybe(schema, "maxItems", [0, 1, 2, 3], 0.3)
        self._maybe(schema, "uniqueItems", [True, True, False], 0.25)
        if rng.random() < 0.2:
            schema["contains"] = self.make(depth - 1)
            self._maybe(schema, "minContains", [0, 1, 2], 0.4)
            self._maybe(schema, "maxContains", [0, 1, 2], 0.4)
        if rng.random() < 0.05 and self._draft >= 2019:
            schema["unevaluatedItems"] = rng.choice([False, self.make(depth - 1)])
        return schema

    def _object(self, depth: int) -> dict[str, Any]:
        rng = self._rng
        schema: dict[str, Any] = {}
        self._maybe(schema, "type", ["object"], 0.8)
        if rng.random() < 0.8:
            schema["properties"] = {
                name: self.make(depth - 1) for name in rng.sample(NAMES, rng.randrange(1, 4))
            }
        if rng.random() < 0.5:
            schema["required"] = rng.sample(NAMES, rng.randrange(1, 3))
        if rng.random() < 0.4:
            schema["additionalProperties"] = rng.choice([False, False, self.make(depth - 1)])
        if rng.random() < 0.2:
            schema["patternProperties"] = {
                rng.choice(PATTERNS): self.make(depth - 1) for _ in range(rng.choice([1, 1, 2]))
            }
        if rng.random() < 0.12:
            schema["propertyNames"] = rng.choice(
                [self._string(), {"enum": ["a", "b", "c"]}, {"pattern": "^[ab]"}]
            )
        self._maybe(schema, "minProperties", [0, 1, 2, 3], 0.15)
        self._maybe(schema, "maxProperties", [0, 1, 2, 3], 0.15)
        if rng.random() < 0.1:
            keyword = "dependentRequired" if self._draft >= 2019 else "dependencies"
            schema[keyword] = {rng.choice(NAMES): rng.sample(NAMES, 1)}
        if rng.random() < 0.07:
            keyword = "dependentSchemas" if self._draft >= 2019 else "dependencies"
            schema[keyword] = {rng.choice(NAMES): self.make(depth - 1)}
        if rng.random() < 0.08 and self._draft >= 2019:
            schema["unevaluatedProperties"] = rng.choice([False, False, self.make(depth - 1)])
        return schema

    def edit(self, schema: Any) -> Any:
        """A copy with one change somewhere inside."""
        edited = copy.deepcopy(schema)
        spots = list(_list_spots(edited))
        if not spots or self._rng.random() < 0.1:
            return self._edit_whole(edited)
        holder, key = self._rng.choice(spots)
        holder[key] = self._edit_whole(holder[key])
        return edited

    def _edit_whole(self, schema: Any) -> Any:
        rng = self._rng
        if not isinstance(schema, dict) or rng.random() < 0.08:
            return self.make(1)
        roll = rng.random()
        keys = [key for key in schema if key not in ("$defs", "$schema")]
        if keys and roll < 0.3:
            del schema[rng.choice(keys)]
        elif keys and roll < 0.7:
            self._nudge(schema, rng.choice(keys))
        elif roll < 0.8:
            extra = self.make(1)
            if isinstance(extra, dict):
                schema.update({key: value for key, value in extra.items() if key != "$ref"})
        elif "$defs" not in schema:
            kept = dict(schema)
            return {rng.choice(["anyOf", "allOf", "oneOf"]): [kept, self.make(1)]}
        return schema

    def _nudge(self, schema: dict[str, Any], key: str) -> None:
        rng = self._rng
        value = schema[key]
        if isinstance(value, bool):
            schema[key] = not value
        elif isinstance(value, int | float):
            lowest = (
                1
                if key == "multipleOf"
                else 0
                if key.startswith(("min", "max")) and key[3:] != "imum"
                else -9
            )
            schema[key] = max(value + rng.choice([-1, 1, 1, 2]), lowest)
        elif key in ("type", "pattern", "const"):
            schema[key] = rng.choice({"type": TYPES, "pattern": PATTERNS, "const": CONSTANTS}[key])
        elif isinstance(value, list):
            self._nudge_list(value, key)
        elif key in ("properties", "patternProperties"):
            if value and rng.random() < 0.5:
                del value[rng.choice(list(value))]
            else:
                value[rng.choice(NAMES)] = self.make(1)

    def _nudge_list(self, value: list[Any], key: str) -> None:
        rng = self._rng
        if len(value) > 1 and rng.random() < 0.5:
            value.pop(rng.randrange(len(value)))
        elif key in ("required", "enum"):
            extra = rng.choice(NAMES if key == "required" else CONSTANTS)
            if not any(extra == known and type(extra) is type(known) for known in value):
                value.append(extra)
        elif key in ("anyOf", "oneOf", "allOf"):
            value.append(self.make(1))


def _list_spots(schema: Any) -> list[tuple[Any, Any]]:
    """Every place below the root that holds a schema, as its holder and its key."""
    found: list[tuple[Any, Any]] = []
    waiting = [schema]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, dict):
            continue
        for key, member in current.items():
            holders: list[tuple[Any, Any]] = []
            if key in ("properties", "patternProperties", "$defs", "dependentSchemas") and isinstance(
                member, dict
            ):
                holders = [(member, name) for name in member]
            elif key in ("anyOf", "oneOf", "allOf", "prefixItems") or (
                key == "items" and isinstance(member, list)
            ):
                holders = [(member, at) for at in range(len(member))]
            elif key in (
                "items",
                "not",
                "if",
                "then",
                "else",
                "contains",
                "additionalProperties",
                "additionalItems",
            ):
                holders = [(current, key)]
            found.extend(holders)
            waiting.extend(holder[name] for holder, name in holders)
    return found


def _downgrade(schema: Any) -> Any:
    """The same schema as far as draft 4 can say it."""
    if isinstance(schema, bool):
        return {} if schema else {"not": {}}
    if not isinstance(schema, dict):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "const":
            found["enum"] = [value]
        elif key in ("exclusiveMinimum", "exclusiveMaximum"):
            found["minimum" if key.endswith("Minimum") else "maximum"] = value
            found[key] = True
        elif key in ("properties", "patternProperties", "$defs") or (
            key == "dependencies" and isinstance(value, dict)
        ):
            found[key] = {
                name: part if isinstance(part, list) else _downgrade(part) for name, part in value.items()
            }
        elif isinstance(value, list) and key not in ("enum", "type", "required"):
            found[key] = [_downgrade(part) for part in value]
        elif key in ("items", "not", "additionalProperties", "additionalItems"):
            found[key] = (
                value if isinstance(value, bool) and key.startswith("additional") else _downgrade(value)
            )
        elif key not in ("contains", "propertyNames", "if", "then", "else", "minContains", "maxContains"):
            found[key] = value
    return found
