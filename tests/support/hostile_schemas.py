"""Pairs of schemas that would take an engine without bounds for ever, or all of the memory."""

from __future__ import annotations

import json
import resource
from typing import TYPE_CHECKING, Any

from taskcontract.diff import compare_schemas

if TYPE_CHECKING:
    from taskcontract.diff.schemas.patterns import PatternReading

MOST_BYTES = 1 << 30


def bomb(leaf: Any) -> Any:
    """Forty definitions, each of which uses the next one twice: a value of a million million parts."""
    levels = {
        f"L{level}": {
            "type": "object",
            "properties": {side: {"$ref": f"#/$defs/L{level + 1}"} for side in ("left", "right")},
            "required": ["left", "right"],
        }
        for level in range(40)
    }
    return {"$defs": {**levels, "L40": leaf}, "$ref": "#/$defs/L0"}


def tagged(at: int) -> Any:
    return {"type": "object", "properties": {"k": {"const": at}}, "required": ["k"]}


def untagged(at: int) -> Any:
    return {"type": "object", "required": [f"k{at}"]}


def heavy(at: int) -> str:
    """A pattern of some 80,000 states."""
    return f"^((a{{0,{30 + at % 9}}}b{at}){{0,60}}){{0,{40 + at % 7}}}$"


def chain(levels: int) -> Any:
    """Each definition allows what the one before it does, and a little more."""
    definitions: dict[str, Any] = {"L0": {"type": "string"}}
    for at in range(1, levels):
        definitions[f"L{at}"] = {"anyOf": [{"$ref": f"#/$defs/L{at - 1}"}, {"type": "array", "minItems": at}]}
    return {"$defs": definitions, "$ref": f"#/$defs/L{levels - 1}"}


WORDS = [f"w{at}" for at in range(2_000)]
CHOICES = [{"anyOf": [{"required": [f"{name}{at}"]} for name in "abc"]} for at in range(30)]
CROWDED = {"type": "object", "allOf": CHOICES, "maxProperties": 20}

ROWS: list[tuple[str, Any, Any, str]] = [
    (
        "states",
        {"type": "string", "pattern": "(a|b)*a(a|b){40}$"},
        {"pattern": "(a|b)*a(a|b){41}$"},
        "undecided",
    ),
    (
        "nested counts",
        {"pattern": "^((a{0,99}){0,99}){0,99}$"},
        {"pattern": "^((a{0,99}){0,99}){0,98}$"},
        "undecided",
    ),
    ("large count", {"type": "string", "pattern": "^a{1000000}$"}, {"pattern": "^a{999999}$"}, "undecided"),
    ("many groups", {"type": "string", "pattern": "(" * 500 + ")" * 500}, {"maxLength": 1}, "undecided"),
    ("references", bomb({"type": "integer"}), bomb({"type": "number"}), "included"),
    ("references, broken", bomb({"type": "number"}), bomb({"type": "integer"}), "undecided"),
    ("choices", {**CROWDED, "minProperties": 1}, {"type": "object", "minProperties": 25}, "undecided"),
    ("choices, broken", {"type": "object"}, CROWDED, "not-included"),
    ("items", {"type": "array", "minItems": 10**9}, {"type": "array", "minItems": 10**9 + 1}, "undecided"),
    ("characters", {"type": "string", "minLength": 10**9}, {"minLength": 10**9 + 1}, "undecided"),
    ("properties", {"type": "object", "minProperties": 10**9}, {"minProperties": 10**9 + 1}, "undecided"),
    ("choices of constants", {"enum": WORDS}, {"oneOf": [{"const": word} for word in WORDS]}, "included"),
    (
        "constants to choose",
        {"oneOf": [{"const": word} for word in WORDS]},
        {"enum": WORDS[1:]},
        "not-included",
    ),
    (
        "typed constants",
        {"enum": WORDS},
        {"oneOf": [{"const": word, "type": "string", "title": word} for word in WORDS]},
        "included",
    ),
    ("choices of tags", {"const": {"k": 3}}, {"oneOf": [tagged(at) for at in range(2_000)]}, "included"),
    (
        "choices that overlap",
        {"type": "object"},
        {"oneOf": [untagged(at) for at in range(2_000)]},
        "not-included",
    ),
    ("overlaps", {"oneOf": [untagged(at) for at in range(2_000)]}, {"required": ["k7"]}, "undecided"),
    ("patterns", {"enum": WORDS}, {"anyOf": [{"pattern": f"^{word}$"} for word in WORDS]}, "undecided"),
    (
        "patterns of other fields",
        {"type": "object", "properties": {f"p{at}": {"pattern": heavy(at)} for at in range(150)}},
        {"required": ["q"]},
        "undecided",
    ),
    (
        "patterns of names",
        {"type": "object"},
        {"patternProperties": {heavy(at): {"type": "string"} for at in range(150)}},
        "undecided",
    ),
    ("long chain", chain(2_000), {"type": "string"}, "undecided"),
    ("large enum", {"enum": list(range(20_000))}, {"enum": list(range(20_001))}, "included"),
]


def main() -> None:
    """Print the verdicts on each row, as either reads patterns, in a process that may not grow."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    readings: tuple[PatternReading, ...] = ("any", "rust")
    found = {
        name: [compare_schemas(old, new, patterns=reading).verdict for reading in readings]
        for name, old, new, _ in ROWS
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
