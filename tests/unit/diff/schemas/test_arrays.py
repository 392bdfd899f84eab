"""Arrays: items, positions, counts and differences."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.schema_tables import DRAFT_7, DRAFT_2019, Row, check_row

INTEGER, NUMBER, STRING, BOOLEAN = ({"type": name} for name in ("integer", "number", "string", "boolean"))


def array(**keywords: Any) -> dict[str, Any]:
    return {"type": "array", **keywords}


def draft_7(**keywords: Any) -> dict[str, Any]:
    return {"$schema": DRAFT_7, "type": "array", **keywords}


PAIR = array(prefixItems=[STRING, INTEGER], items=False)

ROWS: list[Row] = [
    (array(items=INTEGER), array(items=NUMBER), "<x"),
    (array(items=INTEGER), array(items=STRING), "xx"),
    (array(items=INTEGER), array(), "<x"),
    (array(items=False), array(maxItems=0), "<<"),
    (array(items=INTEGER, minItems=1), array(items=INTEGER), "<x"),
    (array(minItems=1), array(minItems=2), "x<"),
    (array(maxItems=3), array(maxItems=2), "x<"),
    (array(minItems=3, maxItems=2), False, "<<"),
    (array(items=False, minItems=1), False, "<<"),
    (array(uniqueItems=True), array(), "<x"),
    (array(uniqueItems=False), array(), "<<"),
    (array(maxItems=1), array(uniqueItems=True), "<x"),
    (array(items=BOOLEAN, uniqueItems=True), array(maxItems=2), "<x"),
    (array(items={"enum": [1, 2, 3]}, uniqueItems=True), array(maxItems=2), "xx"),
    (array(items={"enum": [1, 2]}, uniqueItems=True, minItems=3), False, "<<"),
    (array(items={"const": 1}, minItems=2), array(uniqueItems=True), "xx"),
    (array(minItems=70), array(minItems=70, uniqueItems=True), "x<"),
    (PAIR, array(prefixItems=[STRING, INTEGER]), "<x"),
    (PAIR, array(prefixItems=[STRING, NUMBER], items=False), "<x"),
    (PAIR, array(prefixItems=[STRING, INTEGER, BOOLEAN], items=False), "<x"),
    (PAIR, array(prefixItems=[STRING], items=INTEGER), "<x"),
    (PAIR, array(items={"type": ["string", "integer"]}), "<x"),
    (PAIR, array(maxItems=2), "<x"),
    (array(prefixItems=[STRING]), array(prefixItems=[STRING, INTEGER]), "x<"),
    (array(prefixItems=[STRING], items=INTEGER), array(prefixItems=[STRING, INTEGER], items=INTEGER), "<<"),
    (array(prefixItems=[STRING, False]), array(prefixItems=[STRING], items=False), "<<"),
    (array(prefixItems=[STRING], minItems=1), array(contains=STRING), "<x"),
    (array(contains=INTEGER), array(minItems=1), "<x"),
    (array(contains=INTEGER), array(contains=NUMBER), "<x"),
    (array(contains=INTEGER, minContains=2), array(contains=INTEGER), "<x"),
    (array(contains=INTEGER, minContains=0), array(), "<<"),
    (array(contains=INTEGER, maxContains=2), array(contains=INTEGER, maxContains=3), "<x"),
    (array(contains=NUMBER, maxContains=1), array(contains=NUMBER, maxContains=1, minContains=0), "<x"),
    (array(contains={}, minContains=2), array(minItems=2), "<<"),
    (array(contains={}, maxContains=2), array(minItems=1, maxItems=2), "<<"),
    (array(contains=False), False, "<<"),
    (array(items=INTEGER, contains=STRING), False, "<<"),
    (array(contains=INTEGER, minContains=3, maxContains=2), False, "<<"),
    (array(items=INTEGER, contains={"minimum": 5}), array(items=INTEGER, contains={"minimum": 4}), "<x"),
    (array(items=BOOLEAN, maxItems=1), {"enum": [[], [True], [False]]}, "<<"),
    (array(items=array(items=INTEGER)), array(items=array(items=NUMBER)), "<x"),
    (array(unevaluatedItems=False), array(maxItems=0), "<<"),
    (array(prefixItems=[STRING], unevaluatedItems=False), array(prefixItems=[STRING], items=False), "<<"),
    (
        array(allOf=[{"prefixItems": [STRING]}], unevaluatedItems=INTEGER),
        array(prefixItems=[STRING], items=INTEGER),
        "<<",
    ),
    (array(contains=STRING, unevaluatedItems=INTEGER), array(items={"type": ["integer", "string"]}), "?x"),
    (draft_7(items=[STRING, INTEGER]), draft_7(items=[STRING, NUMBER]), "<x"),
    (draft_7(items=[STRING], additionalItems=False), draft_7(items=[STRING]), "<x"),
    (draft_7(items=[STRING], additionalItems=False), draft_7(items=STRING, maxItems=1), "<<"),
    (draft_7(items=STRING, additionalItems=False), draft_7(items=STRING), "<<"),
    (draft_7(prefixItems=[STRING]), draft_7(), "<<"),
    (draft_7(contains=INTEGER, minContains=2), draft_7(contains=INTEGER), "<<"),
    (draft_7(items=[STRING, INTEGER], additionalItems=False), PAIR, "<<"),
    (
        {"$schema": DRAFT_2019, "type": "array", "items": [STRING], "unevaluatedItems": False},
        draft_7(items=STRING, maxItems=1),
        "<<",
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_arrays_are_compared_exactly(row: Row) -> None:
    check_row(row)
