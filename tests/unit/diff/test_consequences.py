"""What follows from findings: bump, order, accepted breaks, versions that are too low."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING, Any

import pytest
from celery import Task

from taskcontract.declare.declaration import OPTIONS
from taskcontract.diff import Policy, find_changes
from taskcontract.diff.accepted import apply_acceptances
from taskcontract.diff.bump import ORDERS, find_declared_bump, find_deploy_order, find_required_bump
from taskcontract.diff.check import find_version_gaps
from taskcontract.diff.walker.content import RETRY_DEFAULTS
from taskcontract.model.acceptance import Acceptance
from tests.support.specs import INTEGER, STRING, make_service, make_task

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
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
    entry = Acceptance("drained", rule="queue-changed", task="pusher")
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


@pytest.mark.parametrize(
    ("before", "after", "service", "gaps"),
    [
        ({}, {"deprecated": "2026-10-01"}, "1.1.0", []),
        ({}, {"deprecated": "2026-10-01", "sunset": "2099-06-30"}, "1.1.0", []),
        ({}, {"sunset": "2099-06-30"}, "1.0.0", [("", "minor")]),
        ({"sunset": "2099-06-30"}, {}, "1.0.1", []),
        ({"sunset": "2099-06-30"}, {"sunset": "2098-06-30"}, "1.1.0", [("", "major")]),
        ({}, {"sunset": "2020-06-30"}, "2.0.0", []),
        ({"queue": "a"}, {"queue": "b"}, "2.0.0", []),
        ({}, {"options": {"time_limit": 60}}, "1.1.0", [("send", "minor")]),
    ],
)
def test_what_becomes_of_a_version_counts_for_the_service(
    before: dict[str, Any], after: dict[str, Any], service: str, gaps: list[tuple[str, str]]
) -> None:
    published = make_service(make_task("send", "key: str", **before))
    declared = make_service(make_task("send", "key: str", **after), version=service)
    found = find_version_gaps(published, declared, list(find_changes(published, declared)))
    assert [(gap.task, gap.required) for gap in found] == gaps


@pytest.mark.parametrize(
    ("before", "after", "rules"),
    [
        ({"queue": "a"}, {"queue": "b"}, ["queue-changed"]),
        ({"serializer": "json"}, {"serializer": "msgpack"}, ["serializer-changed"]),
        (
            {"options": {"accept_content": ["json", "yaml"]}},
            {"options": {"accept_content": ["json"]}},
            ["accept-content-removed"],
        ),
    ],
)
def test_what_the_worker_does_for_all_tasks_is_said_once(
    before: dict[str, Any], after: dict[str, Any], rules: list[str]
) -> None:
    names = [f"task{number}" for number in range(8)]
    sides = (
        make_service(*(make_task(name, "key: str", **facts) for name in names)) for facts in (before, after)
    )
    findings = list(find_changes(*sides))
    assert [finding.rule for finding in findings] == rules
    assert "`task4` and 3 more" in findings[0].consequence


OPTION_VALUES: dict[str, tuple[Json, ...]] = {
    "acks_late": (True,),
    "expires": (60, 3600),
    "ignore_result": (True,),
    "max_retries": (0, 3, 10),
    "priority": (1, 9),
    "rate_limit": ("10/m", "10/s"),
    "soft_time_limit": (60, 600),
    "time_limit": (60, 600),
}
DEFAULTS = {("max_retries", 3)}
"""What an option is where it is not set: to set it to that changes nothing."""


def test_the_defaults_of_retries_are_celerys() -> None:
    known = {name: getattr(Task, name, False) for name in RETRY_DEFAULTS}
    assert known == RETRY_DEFAULTS


@pytest.mark.parametrize("name", OPTIONS)
def test_every_change_of_an_option_is_found(name: str) -> None:
    """Added, removed, raised and lowered."""
    states: list[dict[str, Json]] = [{}, *({name: value} for value in OPTION_VALUES[name])]
    for before, after in permutations(states, 2):
        if {} in (before, after) and (name, (before or after)[name]) in DEFAULTS:
            continue
        old, new = (make_service(make_task("send", "key: str", options=state)) for state in (before, after))
        paths = [finding.path for finding in find_changes(old, new)]
        assert paths == [f"options.{name}"], (before, after)


@pytest.mark.parametrize(
    ("old", "new", "style", "order"),
    [
        ("key: str, text: str", "text: str, key: str", "both", "new-major"),
        ("key: str, text: str", "text: str, key: str", "keyword", "any"),
        ("key: str", "name: str", "positional", "any"),
        ("key: str, text: str = ''", "key: str, site: str = '', text: str = ''", "keyword", "any"),
    ],
)
def test_no_order_helps_callers_of_another_style(old: str, new: str, style: Any, order: str) -> None:
    """The findings are dangerous: whoever is deployed first, such a caller is hurt."""
    sides = (make_service(make_task("send", signature)) for signature in (old, new))
    findings = [each for each in find_changes(*sides, policy=Policy(style)) if each.severity != "safe"]
    assert find_deploy_order(findings) == order


SWAPPED_TEXTS = make_task("send", "key: str, text: str"), make_task("send", "text: str, key: str")
SWAPPED_TYPES = make_task("send", "key: str, size: int"), make_task("send", "size: int, key: str")


@pytest.mark.parametrize(
    ("pair", "enforced", "notice"),
    [
        (SWAPPED_TEXTS, True, "nothing raises"),
        (SWAPPED_TYPES, True, "the worker refuses it: `size` must be integer"),
        (SWAPPED_TYPES, False, "nothing raises"),
    ],
)
def test_a_silent_break_says_what_would_be_noticed(
    pair: tuple[TaskSpec, TaskSpec], enforced: bool, notice: str
) -> None:
    old, new = (replace(task, enforced=enforced) for task in pair)
    (found,) = find_changes(make_service(old), make_service(new))
    assert found.rule == "param-reordered"
    assert found.silent == (notice == "nothing raises")
    assert found.consequence.endswith(f"; {notice}.")
