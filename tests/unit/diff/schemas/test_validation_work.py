"""A witness is only given to the independent validator when that will come to an end."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskcontract.diff import compare_schemas
from taskcontract.diff.schemas.budget import Budget
from taskcontract.diff.schemas.document import Document
from taskcontract.diff.schemas.validation_work import MOST_WORK, estimate_work


def doubling(levels: int, leaf: Any) -> dict[str, Any]:
    """Each level tries the one below three times: the leaf is tried 3 ** levels times."""
    definitions = {"D0": leaf}
    for level in range(1, levels + 1):
        below = {"$ref": f"#/$defs/D{level - 1}"}
        definitions[f"D{level}"] = {"anyOf": [below, below, {"type": "array", "items": below}]}
    return {"$defs": definitions, "$ref": f"#/$defs/D{levels}"}


def nested(depth: int) -> Any:
    value: Any = "x"
    for _ in range(depth):
        value = [value]
    return value


ESTIMATES: dict[str, tuple[Any, Any, int, int]] = {
    "a scalar": ({"type": "string"}, "x", 1, 1),
    "a member": ({"properties": {"a": {"type": "string"}}}, {"a": "x", "b": 1}, 2, 2),
    "each item": ({"items": {"anyOf": [{}, {}]}}, [1, 2, 3], 10, 10),
    "a reference": ({"$defs": {"a~/b": {}}, "$ref": "#/$defs/a~0~1b"}, 1, 2, 2),
    "a reference to nowhere": ({"$ref": "#/$defs/none"}, 1, 1, 1),
    "a circle without an end": ({"$ref": "#"}, 1, MOST_WORK, 2 * MOST_WORK),
    "a doubling schema": (doubling(40, {}), nested(40), MOST_WORK + 1, 10 * MOST_WORK),
}


@pytest.mark.parametrize(("schema", "value", "least", "most"), ESTIMATES.values(), ids=ESTIMATES)
def test_work_is_counted_without_being_done(schema: Any, value: Any, least: int, most: int) -> None:
    document = Document(schema, json.dumps(schema), 2020)

    assert least <= estimate_work(document, value, Budget(60.0, 10**7)) <= most


@pytest.mark.parametrize("levels", [20, 40])
def test_a_schema_that_no_validator_gets_through_is_undecided(levels: int) -> None:
    old, new = doubling(levels, {"type": "string"}), doubling(levels, {"type": "string", "minLength": 1})
    assert compare_schemas(old, new).verdict == "undecided"
