"""`taskcontract rules` and `taskcontract explain`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from taskcontract.diff.rule_index import list_rule_ids

if TYPE_CHECKING:
    from tests.support.project import Project


def test_every_rule_is_listed(project: Project) -> None:
    assert [line.split()[0] for line in project.run("rules").stdout.splitlines()] == list_rule_ids()
    rules = json.loads(project.run("rules", "--format", "json").stdout)
    assert [rule["id"] for rule in rules] == list_rule_ids()
    assert [rule["id"] for rule in rules if not rule["text"].startswith(rule["summary"])] == []


def test_every_rule_is_explained(project: Project) -> None:
    done = project.run("explain", *list_rule_ids())
    assert done.returncode == 0
    assert [rule for rule in list_rule_ids() if f"{rule}: " not in done.stdout] == []


def test_a_rule_that_does_not_exist_is_a_mistake(project: Project) -> None:
    done = project.run("explain", "param-rename")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'param-renamed'?" in done.stderr
