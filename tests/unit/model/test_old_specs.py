"""Specs of format 1: what they leave out is not known, so that nothing is proved by it."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter

from taskcontract import Service
from taskcontract.diff import find_changes
from taskcontract.model.checks import NOT_RECORDED
from taskcontract.model.spec_file import dump_spec, read_spec

if TYPE_CHECKING:
    from taskcontract.model.service import ServiceSpec


class Item(BaseModel):
    id: int


def spec_of(annotation: Any) -> ServiceSpec:
    service = Service("shop", version="1.0.0")

    def pay(value: Any) -> None: ...

    pay.__annotations__["value"] = annotation
    service.task(version="1.0.0")(pay)
    return service.spec()


def old_spec_of(annotation: Any) -> ServiceSpec:
    """The spec as format 1 wrote it, with pydantic's own schema."""
    data = json.loads(dump_spec(spec_of(annotation)))
    data["taskcontract"] = 1
    data["tasks"][0]["parameters"][0]["schema"] = TypeAdapter(annotation).json_schema()
    return read_spec(data, file="1.0.0.json")


@pytest.mark.parametrize(
    "annotation", [date, datetime, UUID, Decimal, set[int], dict[UUID, int], Item, list[date]]
)
def test_what_format_1_leaves_out_is_undecided(annotation: Any) -> None:
    findings = list(find_changes(old_spec_of(annotation), spec_of(annotation)))
    assert {(finding.severity, finding.known) for finding in findings} == {("dangerous", "undecided")}
    assert all(NOT_RECORDED in finding.consequence for finding in findings)


@pytest.mark.parametrize("annotation", [int, str, bool, float, None, int | None, list[str], dict[str, int]])
def test_plain_types_say_as_much_in_format_1(annotation: Any) -> None:
    assert list(find_changes(old_spec_of(annotation), spec_of(annotation))) == []


@pytest.mark.parametrize("annotation", [date, Decimal, Item])
def test_two_specs_of_format_1_are_equal_where_they_say_the_same(annotation: Any) -> None:
    assert list(find_changes(old_spec_of(annotation), old_spec_of(annotation))) == []


@pytest.mark.parametrize(("old", "new"), [(date, datetime), (Item, dict[UUID, int])])
def test_two_specs_of_format_1_prove_nothing_where_they_differ(old: Any, new: Any) -> None:
    findings = list(find_changes(old_spec_of(old), old_spec_of(new)))
    assert findings
    assert all(finding.severity != "breaking" or finding.known != "proved" for finding in findings)
