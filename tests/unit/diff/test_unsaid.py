"""Where no worker checks types, a type hint that is added or made more precise is no change."""

from __future__ import annotations

from typing import Any

import pytest

from taskcontract.diff import find_changes
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec

WHOLE: Any = {"type": "integer"}
TEXT: Any = {"type": "string"}
NULL: Any = {"type": "null"}
USER: Any = {"$ref": "#/$defs/U", "$defs": {"U": {"type": "object", "properties": {"a": WHOLE}}}}
USERS: Any = {"type": "array", "items": {"$ref": "#/$defs/U"}, "$defs": USER["$defs"]}


def opaque(name: str) -> Any:
    return {"x-checks": {name: name}}


def spec(schema: Any, result: Any = True, *, enforced: bool = False) -> ServiceSpec:
    parameters = (ParameterSpec("x", schema=schema),)
    task = TaskSpec("a.b", "", "a.b", parameters, result=result, enforced=enforced)
    return ServiceSpec("a", "", (task,))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (True, WHOLE),
        ({}, TEXT),
        (True, opaque("A")),
        (opaque("A"), opaque("A")),
        ({"type": "array"}, {"type": "array", "items": WHOLE}),
        ({"type": "object"}, USER),
        ({"type": "array", "items": {}}, {"type": "array", "items": opaque("A")}),
        ({"type": "array", "items": {"type": "object"}}, USERS),
        ({"anyOf": [{"type": "array"}, NULL]}, {"anyOf": [{"type": "array", "items": TEXT}, NULL]}),
    ],
)
def test_what_nobody_said_before_is_no_change(old: Any, new: Any) -> None:
    for before, after in ((old, new), (new, old)):
        assert list(find_changes(spec(before), spec(after))) == []
        assert list(find_changes(spec(True, before), spec(True, after))) == []


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (WHOLE, TEXT, {"payload-type-replaced"}),
        ({"anyOf": [WHOLE, NULL]}, WHOLE, {"payload-null-removed"}),
        ({"type": "array", "items": WHOLE}, {"type": "array", "items": TEXT}, {"payload-type-replaced"}),
        (opaque("A"), opaque("B"), {"payload-undecided"}),
        (WHOLE, opaque("A"), {"payload-undecided"}),
        ({"type": "object"}, {"type": "array", "items": WHOLE}, {"payload-type-replaced"}),
    ],
)
def test_what_narrows_is_dangerous_and_never_breaking(old: Any, new: Any, rules: set[str]) -> None:
    findings = list(find_changes(spec(old), spec(new)))
    assert {each.rule for each in findings if each.severity != "safe"} == rules
    assert {each.severity for each in findings} <= {"dangerous", "safe"}


def test_where_types_are_enforced_a_type_that_is_added_breaks() -> None:
    findings = find_changes(spec(True, enforced=True), spec(WHOLE, enforced=True))
    assert [each.severity for each in findings] == ["breaking"]
