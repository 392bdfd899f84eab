"""What is the same JSON: as JSON Schema says, as a reader says, and as a key."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.diff import find_changes
from taskcontract.model.equality import fingerprint, freeze, same_exactly, same_json, spell_sorted
from taskcontract.model.service import CarriedSpec, ServiceSpec, TaskSpec

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

LEAVES = st.sampled_from([None, True, False, 0, 0.0, 1, 1.0, 2, "", "1", "true"])
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("ab"), inner)
)


@given(VALUES, VALUES)
def test_the_same_as_json_schema_says(one: Json, other: Json) -> None:
    expected = jsonschema_rs.is_valid({"const": one}, other)
    assert same_json(one, other) is expected
    assert (freeze(one) == freeze(other)) is expected


@given(VALUES, VALUES)
def test_what_is_spelled_alike_is_the_same_exactly(one: Json, other: Json) -> None:
    exactly = same_exactly(one, other)
    assert (spell_sorted(one) == spell_sorted(other)) is exactly
    if fingerprint(one) == fingerprint(other):
        assert exactly
    if exactly:
        assert same_json(one, other)


@given(VALUES)
def test_a_copy_is_the_same(value: Json) -> None:
    twin = copy.deepcopy(value)
    assert same_json(value, twin)
    assert same_exactly(value, twin)
    assert fingerprint(value) == fingerprint(twin)


@pytest.mark.parametrize(
    ("one", "other", "json", "exactly"),
    [
        (1, 1.0, True, False),
        (1, True, False, False),
        (0.0, False, False, False),
        ([1], [1.0], True, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True, True),
        ({"a": [0]}, {"a": [False]}, False, False),
        ("1", 1, False, False),
        ([1], [1, 2], False, False),
        ({"a": 1}, {"b": 1}, False, False),
    ],
)
def test_three_answers(one: Json, other: Json, json: bool, exactly: bool) -> None:
    assert same_json(one, other) is json
    assert same_exactly(one, other) is exactly


def test_a_comparison_can_be_stopped() -> None:
    seen: list[int] = []
    same_exactly([1, 2, 3], [1, 2, 3], seen.append)
    assert sum(seen) == 4


def spec_of(carried: Json, result: Json, name: str = "sell") -> ServiceSpec:
    task = TaskSpec(name, "1.0.0", f"shop.{name}", (), result=result, queue="shop")
    carries = (CarriedSpec(name="tenant", place="header", key="tenant", schema={"const": carried}),)
    return ServiceSpec("shop", "1.0.0", (task,), carries=carries)


def test_what_is_carried_is_compared_as_json() -> None:
    assert [f.rule for f in find_changes(spec_of(1, {}), spec_of(True, {}))] == ["carried-changed"]
    assert list(find_changes(spec_of(1, {}), spec_of(1.0, {}))) == []


def test_a_renamed_task_is_found_in_whatever_order_its_schema_is() -> None:
    ordered = {"type": "object", "minProperties": 1}
    turned = {"minProperties": 1, "type": "object"}
    old, new = spec_of(1, ordered), spec_of(1, turned, "sell_all")
    assert [f.rule for f in find_changes(old, new)] == ["task-renamed"]
    other = replace(new, tasks=(replace(new.tasks[0], result={"type": "string"}),))
    assert "task-renamed" not in {f.rule for f in find_changes(old, other)}
