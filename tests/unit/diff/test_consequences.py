"""What follows from findings: bump, order, accepted breaks, versions that are too low."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from taskcontract.diff import find_changes
from taskcontract.diff.accepted import apply_acceptances
from taskcontract.diff.bump import ORDERS, find_declared_bump, find_deploy_order, find_required_bump
from taskcontract.diff.check import find_version_gaps
from taskcontract.model.acceptance import Acceptance
from tests.support.specs import INTEGER, STRING, make_service, make_task

if TYPE_CHECKING:
    from taskcontract.model.service import TaskSpec

PLAIN = make_task("send", "key: str", result=STRING)
RENAMED = make_task("send", "name: str", result=STRING)
WITH_OPTION = make_task("send", "key: str, acl: str = ''", result=STRING)
OR_NULL = make_task("send", "key: str", result={"anyOf": [STRING, {"type": "null"}]})
OPTION_OR_NULL = make_task("send", "key: str, acl: str = ''", result=OR_NULL.result)
OTHER_DEFAULT = make_task("send", "key: str, acl: str = 'x'", result=STRING)


@pytest.mark.parametrize(
    ("old", "new", "bump", "order"),
    [
        (PLAIN, PLAIN, "none", "any"),
        (PLAIN, RENAMED, "major", "new-major"),
        (PLAIN, WITH_OPTION, "minor", "workers-first"),
        (PLAIN, OR_NULL, "major", "callers-first"),
        (PLAIN, OPTION_OR_NULL, "major", "new-major"),
        (WITH_OPTION, OTHER_DEFAULT, "minor", "any"),
        (OR_NULL, PLAIN, "minor", "workers-first"),
    ],
)
def test_bump_and_order_follow_from_the_findings(old: TaskSpec, new: TaskSpec, bump: str, order: str) -> None:
    findings = list(find_changes(make_service(old), make_service(new)))
    assert (find_required_bump(findings), find_deploy_order(findings)) == (bump, order)
    assert order in ORDERS


@pytest.mark.parametrize(
    ("old", "new", "bump"),
    [
        ("1.2.3", "2.0.0", "major"),
        ("1.2.3", "1.3.0", "minor"),
        ("1.2.3", "1.2.4", "patch"),
        ("1.2.3", "1.2.3", "none"),
        ("2.0.0", "1.9.9", "none"),
    ],
)
def test_the_declared_bump(old: str, new: str, bump: str) -> None:
    assert find_declared_bump(old, new) == bump


def test_accepted_breaks_are_told_from_open_ones() -> None:
    findings = list(
        find_changes(make_service(PLAIN), make_service(make_task("send", "name: str", result=INTEGER)))
    )
    renamed, replaced = findings
    by_rule = Acceptance("nobody sends it", rule="param-renamed", task="send")
    late = Acceptance("till the move", fingerprint=replaced.fingerprint, expires=date(2026, 10, 31))
    other = Acceptance("gone by now", rule="param-renamed", task="purge")
    found = apply_acceptances(findings, [by_rule, late, other], today="2026-11-01")
    assert found.accepted == ((renamed, by_rule),)
    assert found.open == (replaced,)
    assert (found.expired, found.unused) == ((late,), (other,))
    on_its_last_day = apply_acceptances(findings, [late], today="2026-10-31")
    assert on_its_last_day.accepted == ((replaced, late),)


@pytest.mark.parametrize(
    ("task", "accepted"), [("send", True), ("send@1.0.0", True), ("send@2.0.0", False), ("pusher", False)]
)
def test_an_entry_names_a_task_or_one_version(task: str, accepted: bool) -> None:
    findings = list(find_changes(make_service(PLAIN), make_service(RENAMED)))
    entry = Acceptance("known", rule="param-renamed", task=task)
    assert bool(apply_acceptances(findings, [entry]).accepted) == accepted


def test_what_concerns_the_service_goes_by_its_name() -> None:
    old, new = (make_service(make_task("send", "key", queue=queue)) for queue in ("a", "b"))
    entry = Acceptance("drained", rule="queue-no-longer-consumed", task="pusher")
    assert not apply_acceptances(find_changes(old, new), [entry]).unused


@pytest.mark.parametrize(
    ("service", "task", "gaps"),
    [
        ("1.0.0", "1.0.0", [("", "none", "minor"), ("send", "none", "minor")]),
        ("1.1.0", "1.0.0", [("send", "none", "minor")]),
        ("1.1.0", "1.0.1", [("send", "patch", "minor")]),
        ("1.1.0", "1.1.0", []),
        ("2.0.0", "2.0.0", []),
    ],
)
def test_a_version_that_says_too_little_is_found(
    service: str, task: str, gaps: list[tuple[str, str, str]]
) -> None:
    published = make_service(PLAIN)
    declared = make_service(
        make_task("send", "key: str, acl: str = ''", result=STRING, version=task), version=service
    )
    found = list(find_version_gaps(published, declared, list(find_changes(published, declared))))
    assert [(gap.task, gap.declared, gap.required) for gap in found] == gaps
    assert all("param-added-optional needs a minor bump" in str(gap) for gap in found)


SWAPPED_TEXTS = make_task("send", "key: str, text: str"), make_task("send", "text: str, key: str")
SWAPPED_TYPES = make_task("send", "key: str, size: int"), make_task("send", "size: int, key: str")


@pytest.mark.parametrize(
    ("pair", "enforced", "notice"),
    [
        (SWAPPED_TEXTS, True, "nothing raises"),
        (SWAPPED_TYPES, True, "only its type gives it away"),
        (SWAPPED_TYPES, False, "nothing raises"),
    ],
)
def test_a_silent_break_says_what_would_be_noticed(
    pair: tuple[TaskSpec, TaskSpec], enforced: bool, notice: str
) -> None:
    old, new = (replace(task, enforced=enforced) for task in pair)
    (found,) = (each for each in find_changes(make_service(old), make_service(new)) if each.silent)
    assert found.rule == "param-reordered"
    assert found.consequence.endswith(f"; {notice}.")
