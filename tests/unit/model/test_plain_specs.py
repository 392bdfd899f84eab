"""Specs of tasks that nobody gave a version."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import SpecError
from taskcontract.model.spec_file import dump_spec, read_spec
from taskcontract.registry.local import LocalRegistry
from tests.support.plain_tasks import make_plain_task, make_project
from tests.support.specs import make_service, make_task

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = make_project(make_plain_task("shop.tasks.pay", "order: int"), make_plain_task("shop.tasks.ship"))


def test_a_spec_without_versions_says_nothing_of_them_and_reads_back() -> None:
    written = dump_spec(PLAIN)
    data = json.loads(written)
    assert "version" not in data
    assert all("version" not in task for task in data["tasks"])
    assert [task["enforced"] for task in data["tasks"]] == [False, False]
    again = read_spec(data, file="spec.json")
    assert again == PLAIN
    assert dump_spec(again) == written


def test_tasks_with_and_without_a_version_stand_side_by_side() -> None:
    mixed = make_service(make_plain_task("a.pay"), make_task("pay"), make_task("pay_v2", version="2.0.0"))
    assert read_spec(json.loads(dump_spec(mixed)), file="spec.json") == mixed


@pytest.mark.parametrize("version", ["", "1", None, 1])
def test_a_version_that_is_written_is_one(version: object) -> None:
    data = json.loads(dump_spec(PLAIN))
    data["tasks"][0]["version"] = version
    with pytest.raises(SpecError) as caught:
        read_spec(data, file="spec.json")
    assert "$.tasks[0].version" in str(caught.value)


def test_two_tasks_of_one_name_are_refused() -> None:
    data = json.loads(dump_spec(PLAIN))
    data["tasks"][1]["name"] = data["tasks"][1]["wire_name"] = "shop.tasks.pay"
    with pytest.raises(SpecError, match=r"two tasks have the wire name 'shop\.tasks\.pay'"):
        read_spec(data, file="spec.json")


def test_what_has_no_version_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="no version to be published under"):
        LocalRegistry(tmp_path).publish(PLAIN)
    assert not list(tmp_path.iterdir())
