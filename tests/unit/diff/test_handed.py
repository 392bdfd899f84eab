"""The schema of the list that a chord's body gets."""

from __future__ import annotations

import jsonschema_rs

from taskcontract.diff.handed import list_of

NOTE = {"$ref": "#/$defs/Note", "$defs": {"Note": {"type": "object", "required": ["item"]}}}
OTHER = {
    "$ref": "#/$defs/Note",
    "$defs": {"Note": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/Deep"}]}, "Deep": {}},
}


def test_equal_results_are_one_schema_of_items() -> None:
    accepts = jsonschema_rs.Draft202012Validator(list_of([NOTE, NOTE])).is_valid
    assert accepts([{"item": 1}, {"item": 2}])
    assert not accepts([{"item": 1}])
    assert not accepts([{"item": 1}, {}])


def test_different_results_keep_their_own_definitions() -> None:
    accepts = jsonschema_rs.Draft202012Validator(list_of([NOTE, OTHER, {"type": "integer"}])).is_valid
    assert accepts([{"item": 1}, None, 3])
    assert not accepts([None, {"item": 1}, 3])
    assert not accepts([{"item": 1}, None, 3, 4])


def test_no_result_is_the_empty_list() -> None:
    accepts = jsonschema_rs.Draft202012Validator(list_of([])).is_valid
    assert accepts([])
    assert not accepts([1])
