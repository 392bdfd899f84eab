"""`taskcontract rules` and `taskcontract explain`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.cli.all_rules import list_all_rules
from tests.support.json_documents import read_document

if TYPE_CHECKING:
    from tests.support.project import Project

RULES = [rule.id for rule in list_all_rules()]


def test_every_rule_is_listed(project: Project) -> None:
    assert [line.split()[0] for line in project.run("rules").stdout.splitlines()] == RULES
    rules = read_document("rules", project.run("rules", "--format", "json").stdout)["rules"]
    assert [rule["id"] for rule in rules] == RULES
    assert [rule["id"] for rule in rules if not rule["text"].startswith(rule["summary"])] == []


def test_every_rule_is_explained(project: Project) -> None:
    done = project.run("explain", *RULES)
    assert done.returncode == 0
    assert [rule for rule in RULES if f"{rule}: " not in done.stdout] == []


def test_a_rule_is_explained_as_data(project: Project) -> None:
    done = project.run("explain", "param-renamed", "--format", "json")
    (rule,) = read_document("explain", done.stdout)["rules"]
    assert (rule["id"], rule["severity"]) == ("param-renamed", "breaking")


def test_a_rule_that_does_not_exist_is_a_mistake(project: Project) -> None:
    done = project.run("explain", "param-rename")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean 'param-renamed'?" in done.stderr
