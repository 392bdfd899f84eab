"""Reports on projects without bindings, in every format."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from taskcontract.cli.comparison import compare
from taskcontract.cli.sides import SpecSide
from taskcontract.diff.budget import ProofBudget
from taskcontract.model.config import Config
from taskcontract.model.place import Place
from taskcontract.reporting.formats import FORMATS, render
from taskcontract.reporting.report import Report, Side
from tests.support.plain_tasks import make_plain_task, make_project

OLD = make_project(
    make_plain_task("shop.tasks.mail", "a"),
    make_plain_task("shop.tasks.pay", "order, user"),
    make_plain_task("shop.tasks.ship", "x, y"),
)
NEW = make_project(
    make_plain_task("shop.tasks.mail_all", "a"),
    make_plain_task("shop.tasks.pay", "order"),
)
OLD_PLACES = {task.name: Place("shop/tasks.py", 10 * at) for at, task in enumerate(OLD.tasks, 1)}
NEW_PLACES = {task.name: Place("shop/jobs.py", 100 * at) for at, task in enumerate(NEW.tasks, 1)}


def make_report() -> Report:
    """Return what changed from OLD to NEW."""
    left = SpecSide(Side("shop", "", "main", OLD_PLACES), OLD)
    right = SpecSide(Side("shop", "", "HEAD", NEW_PLACES), NEW)
    return compare(left, right, Config(root=Path()), ProofBudget())


def test_json_names_both_places_and_leaves_out_versions_and_bumps() -> None:
    data = json.loads(render(make_report(), "json"))
    schema = json.loads(files("taskcontract.reporting").joinpath("schemas/diff.json").read_text("utf-8"))
    Draft202012Validator(schema).validate(data)
    assert data["old"] == {"name": "shop", "origin": "main"}
    places = {each["task"]: (each["old_place"], each["new_place"]) for each in data["findings"]}
    assert places == {
        "shop.tasks.mail": ({"file": "shop/tasks.py", "line": 10}, {"file": "shop/jobs.py", "line": 100}),
        "shop.tasks.pay": ({"file": "shop/tasks.py", "line": 20}, {"file": "shop/jobs.py", "line": 200}),
        "shop.tasks.ship": ({"file": "shop/tasks.py", "line": 30}, None),
    }
    shown = {each["task"]: each["place"] for each in data["findings"]}
    assert shown["shop.tasks.ship"] == {"file": "shop/tasks.py", "line": 30}
    assert shown["shop.tasks.pay"] == {"file": "shop/jobs.py", "line": 200}
    assert not [each for each in data["findings"] if "version" in each or "bump" in each]
    assert not {"required_bump", "declared_bump", "bump_suffices"} & data["summary"].keys()
    assert data["summary"]["order"] == "new-major"


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_speaks_of_a_version(form: str) -> None:
    written = render(make_report(), form)
    assert "shop.tasks.pay" in written
    assert "shop.tasks.pay@" not in written
    assert "bump" not in written or form == "sarif"  # which has the pages of the rules
    assert "version: " not in written


def test_text_names_the_sides_by_where_they_were_read_and_each_task_by_its_lines() -> None:
    lines = render(make_report(), "text").splitlines()
    assert lines[0] == "shop main -> HEAD"
    assert "shop.tasks.pay  shop/tasks.py:20 -> shop/jobs.py:200" in lines
    assert "shop.tasks.ship  shop/tasks.py:30" in lines


def test_annotations_and_sarif_point_at_the_lines() -> None:
    report = make_report()
    assert "::error file=shop/jobs.py,line=200,title=param-removed%3A" in render(report, "github")
    results = json.loads(render(report, "sarif"))["runs"][0]["results"]
    (removed,) = [each for each in results if each["ruleId"] == "param-removed"]
    assert removed["locations"][0]["physicalLocation"]["region"] == {"startLine": 200}
    assert removed["relatedLocations"][0]["physicalLocation"]["region"] == {"startLine": 20}
