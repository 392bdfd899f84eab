"""Schemas of many levels, each of which uses the one below twice: every way to refer, every way to use."""

from __future__ import annotations

import json
import resource
import sys
from typing import TYPE_CHECKING, Any

from taskcontract.diff import compare_schemas

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = "https://example.org/"
#: Few enough for a verdict that a validator can be asked about, and too many for one that tries everything.
LEVELS = (4, 28, 60)
MOST_STEPS, MOST_BYTES = 6_000, 1 << 30

OLD, NEW = {"type": "string"}, {"type": "string", "minLength": 1}


def _in_definitions(levels: list[Any], name: Callable[[int], str], root: str, **more: Any) -> Any:
    return {**more, "$defs": {name(at): level for at, level in enumerate(levels)}, "$ref": root}


def _name(levels: list[Any]) -> dict[str, Any]:
    return {f"L{at}": level for at, level in enumerate(levels)}


def _identify(levels: list[Any], keyword: str, sign: str) -> list[Any]:
    return [{keyword: f"{sign}L{at}", **level} for at, level in enumerate(levels)]


# How level `at` is referred to, and how the levels become one document; the last level is the outermost.
STYLES: dict[str, tuple[Callable[[int], dict[str, Any]], Callable[[list[Any]], Any]]] = {
    "pointer": (
        lambda at: {"$ref": f"#/$defs/L{at}"},
        lambda levels: _in_definitions(levels, "L{}".format, f"#/$defs/L{len(levels) - 1}"),
    ),
    "tilde": (
        lambda at: {"$ref": f"#/$defs/a~1b~0{at}"},
        lambda levels: _in_definitions(levels, "a/b~{}".format, f"#/$defs/a~1b~0{len(levels) - 1}"),
    ),
    "percent": (
        lambda at: {"$ref": f"#/%24defs/a%25{at}"},
        lambda levels: _in_definitions(levels, "a%{}".format, f"#/$defs/a%25{len(levels) - 1}"),
    ),
    "index": (
        lambda at: {"$ref": f"#/$defs/all/allOf/{at}"},
        lambda levels: {"$defs": {"all": {"allOf": levels}}, "$ref": f"#/$defs/all/allOf/{len(levels) - 1}"},
    ),
    "anchor": (
        lambda at: {"$ref": f"#L{at}"},
        lambda levels: _in_definitions(
            _identify(levels, "$anchor", ""), "L{}".format, f"#L{len(levels) - 1}"
        ),
    ),
    "relative id": (
        lambda at: {"$ref": f"L{at}"},
        lambda levels: _in_definitions(
            _identify(levels, "$id", ""), "L{}".format, f"L{len(levels) - 1}", **{"$id": f"{BASE}root"}
        ),
    ),
    "absolute id": (
        lambda at: {"$ref": f"{BASE}L{at}#"},
        lambda levels: _in_definitions(
            _identify(levels, "$id", BASE), "L{}".format, f"{BASE}L{len(levels) - 1}"
        ),
    ),
    "pointer behind an id": (
        lambda at: {"$ref": f"{BASE}all#/$defs/L{at}"},
        lambda levels: {
            "$defs": {
                "all": {"$id": f"{BASE}all", "$defs": {f"L{at}": level for at, level in enumerate(levels)}}
            },
            "$ref": f"{BASE}all#/$defs/L{len(levels) - 1}",
        },
    ),
    "anchor behind an id": (
        lambda at: {"$ref": f"{BASE}all#L{at}"},
        lambda levels: {
            "$defs": {"all": {"$id": f"{BASE}all", "$defs": _name(_identify(levels, "$anchor", ""))}},
            "$ref": f"{BASE}all#L{len(levels) - 1}",
        },
    ),
    "dynamic": (
        lambda at: {"$dynamicRef": f"#L{at}"},
        lambda levels: _in_definitions(
            _identify(levels, "$dynamicAnchor", ""), "L{}".format, f"#L{len(levels) - 1}"
        ),
    ),
    "2019": (
        lambda at: {"$ref": f"L{at}"},
        lambda levels: _in_definitions(
            _identify(levels, "$id", ""),
            "L{}".format,
            f"L{len(levels) - 1}",
            **{"$id": f"{BASE}root", "$schema": "https://json-schema.org/draft/2019-09/schema"},
        ),
    ),
    "draft 7": (
        lambda at: {"$ref": f"#L{at}"},
        lambda levels: {
            "$schema": "http://json-schema.org/draft-07/schema#",
            "definitions": _name(_identify(levels, "$id", "#")),
            "allOf": [{"$ref": f"#L{len(levels) - 1}"}],
        },
    ),
    "draft 4": (
        lambda at: {"$ref": f"{BASE}L{at}"},
        lambda levels: {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "definitions": _name(_identify(levels, "id", BASE)),
            "allOf": [{"$ref": f"{BASE}L{len(levels) - 1}"}],
        },
    ),
}

# What a level makes of a reference to the one below.
USES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "anyOf": lambda below: {"anyOf": [below, below]},
    "anyOf, unlike": lambda below: {"anyOf": [below, {"allOf": [below], "items": below}]},
    "oneOf": lambda below: {"oneOf": [below, {"allOf": [below], "type": "array"}]},
    "oneOf, alike": lambda below: {"oneOf": [below, {"allOf": [below, {"minLength": 2}]}]},
    "allOf": lambda below: {"allOf": [below, {"allOf": [below]}]},
    "not": lambda below: {"not": {"allOf": [below, {"not": {"not": below}}]}},
    "if": lambda below: {"if": below, "then": below, "else": {"not": below}},
    "properties": lambda below: {
        "properties": {"a": below, "b": below},
        "required": ["a", "b"],
        "type": "object",
    },
    "open properties": lambda below: {"properties": {"a": below, "b": below}, "anyOf": [below, below]},
    "additionalProperties": lambda below: {
        "additionalProperties": below,
        "anyOf": [below, {"minProperties": 1}],
    },
    "patternProperties": lambda below: {"patternProperties": {"^a": below, "b$": below}, "allOf": [below]},
    "items": lambda below: {"items": {"anyOf": [below, below]}, "minItems": 2, "type": "array"},
    "prefixItems": lambda below: {"prefixItems": [below, below], "anyOf": [below, below]},
    "contains": lambda below: {"contains": below, "anyOf": [below, {"minItems": 2}]},
    "propertyNames": lambda below: {"propertyNames": {"anyOf": [below, below]}, "allOf": [below, below]},
    "dependentSchemas": lambda below: {
        "dependentSchemas": {"a": below, "b": below},
        "required": ["a", "b"],
        "anyOf": [below, below],
    },
    "unevaluatedProperties": lambda below: {"anyOf": [below, below], "unevaluatedProperties": False},
    "unevaluatedItems": lambda below: {"allOf": [below, {"anyOf": [below]}], "unevaluatedItems": False},
}


def make_deep(style: str, use: str, levels: int, leaf: Any) -> Any:
    """The schema of so many levels over a leaf."""
    refer, assemble = STYLES[style]
    return assemble([dict(leaf), *(USES[use](refer(at)) for at in range(levels))])


def make_pairs(style: str, use: str, levels: int) -> list[tuple[Any, Any]]:
    """Two schemas that differ in their leaf, in both orders."""
    old, new = (make_deep(style, use, levels, leaf) for leaf in (OLD, NEW))
    return [(old, new), (new, old)]


def main(style: str) -> None:
    """Print, for each use, the outcomes over several depths, both ways: verdict, reason and witness."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    found = {
        use: [
            compare_schemas(*pair, seconds=10**6, steps=MOST_STEPS)
            for levels in LEVELS
            for pair in make_pairs(style, use, levels)
        ]
        for use in USES
    }
    print(json.dumps({use: [outcome[:3] for outcome in outcomes] for use, outcomes in found.items()}))


if __name__ == "__main__":
    main(sys.argv[1])
