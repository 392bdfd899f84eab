"""Changes of tasks without bindings: what is found, and that nothing is said of versions or bindings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.diff import find_changes
from taskcontract.diff.bump import find_deploy_order, find_required_bump
from taskcontract.diff.check import find_version_gaps
from taskcontract.diff.policy import Policy
from tests.support.plain_tasks import make_plain_task, make_project
from tests.support.specs import make_service, make_task

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import TaskSpec

NAME = "shop.tasks.pay"
OF_BINDINGS = re.compile(
    r"version|bump|upcast|downcast|binding|alias|sunset|deprecat|publish|@", re.IGNORECASE
)


def compare(old: TaskSpec | None, new: TaskSpec | None, policy: Policy | None = None) -> list[Finding]:
    """Return the findings between two projects of one task."""
    sides = [make_project(*([task] if task is not None else [])) for task in (old, new)]
    return list(find_changes(*sides, policy=policy))


SIGNATURES = [
    ("order", "order, user", "param-added-required", "breaking"),
    ("order, user", "order", "param-removed", "breaking"),
    ("order, user", "order, **kwargs", "param-removed-swallowed", "breaking"),
    ("order, user", "user, order", "param-reordered", "breaking"),
    ("order", "number", "param-renamed", "breaking"),
    ("order, user=None", "order, site=None, user=None", "param-inserted-optional", "breaking"),
    ("order, user=None", "order, user", "param-became-required", "breaking"),
    ("order, user=None", "order, *, user=None", "param-made-keyword-only", "breaking"),
    ("order, **kwargs", "order", "varkwargs-removed", "breaking"),
    ("order, *args", "order", "varargs-removed", "breaking"),
    ("order=1", "order=2", "param-default-changed", "dangerous"),
    ("order", "order, user=None", "param-added-optional", "safe"),
    ("order", "order=None", "param-became-optional", "safe"),
    ("order: int", "order: str", "payload-type-replaced", "dangerous"),
]


@pytest.mark.parametrize(("old", "new", "rule", "severity"), SIGNATURES)
def test_a_change_of_a_signature_is_told_in_words_of_celery(
    old: str, new: str, rule: str, severity: str
) -> None:
    found = compare(make_plain_task(NAME, old), make_plain_task(NAME, new))
    assert (rule, severity) in {(each.rule, each.severity) for each in found}
    for each in found:
        assert (each.task, each.version, each.bump) == (NAME, "", "none")
        assert not OF_BINDINGS.search(f"{each.consequence} {each.remedy}"), each
        if each.witness is not None and not each.witness.is_value:
            assert each.witness.wire_name == NAME
            assert each.witness.typed.startswith("pay.delay(")
    assert find_required_bump(found) == "none"


def test_types_that_nothing_checks_are_never_breaking() -> None:
    narrow = {"type": "string", "maxLength": 3}
    mapping: dict[str, Any] = {"type": "object"}
    for old, new in (
        ({"type": ["string", "null"]}, {"type": "string"}),
        ({"type": "string"}, narrow),
        ({"enum": ["a", "b"]}, {"enum": ["a"]}),
        ({"properties": {"a": True}, **mapping}, {"properties": {"a": True}, "required": ["a"], **mapping}),
        ({"type": "object", "properties": {"a": True}}, {"type": "object", "additionalProperties": False}),
    ):
        sides = [make_plain_task(NAME, "a", schemas={"a": schema}) for schema in (old, new)]
        found = compare(sides[0], sides[1])
        assert {each.severity for each in found} == {"dangerous"}
        assert not any("refuse" in each.consequence for each in found)
        checked = [
            make_task(NAME, "a", version="", wire_name=NAME, schemas={"a": schema}) for schema in (old, new)
        ]
        assert "breaking" in {each.severity for each in compare(checked[0], checked[1])}


def test_a_task_that_went_came_or_was_renamed() -> None:
    task, other = make_plain_task(NAME, "order"), make_plain_task("shop.billing.pay", "order")
    (gone,) = compare(task, None)
    assert (gone.rule, gone.severity, gone.task) == ("task-removed", "breaking", NAME)
    assert gone.remedy == f"Keep `{NAME}` registered until no caller sends it and the queue is drained."
    (come,) = compare(None, task)
    assert (come.rule, come.severity) == ("task-added", "safe")
    (renamed,) = compare(task, other)
    assert (renamed.rule, renamed.old, renamed.new) == ("task-renamed", NAME, other.name)
    assert renamed.remedy.startswith("In three steps: register both names")
    for each in (gone, come, renamed):
        assert each.bump == "none"
        assert not OF_BINDINGS.search(f"{each.consequence} {each.remedy}"), each


RENAMED = [
    ("shop.tasks.pay", "shop.billing.pay", ""),
    ("tasks.create_xls", "tasks.create_xlsx", "order"),
    ("tasks.delete_inactive_users", "tasks.delete_closed_users", ""),
    ("tasks.page_version", "tasks.track_page_version", "page"),
    ("tasks.subscribe", "tasks.subscribe_async", ""),
    ("tasks.pay", "tasks.charge", "order, amount"),
]
UNRELATED = [
    ("analyze-failures", "publish-stats", ""),
    ("tasks.dedupe_task", "tasks.my_task", "finding, *args, **kwargs"),
    ("tasks.clear_artifacts", "tasks.sync_repository_task", "paths"),
    ("tasks.run_snapshots", "tasks.run_metrics", ""),
]


@pytest.mark.parametrize(("old", "new", "signature"), [*RENAMED, *UNRELATED])
def test_a_task_is_renamed_where_more_than_a_common_signature_says_so(
    old: str, new: str, signature: str
) -> None:
    found = compare(make_plain_task(old, signature), make_plain_task(new, signature))
    expected = ["task-renamed"] if (old, new, signature) in RENAMED else ["task-removed", "task-added"]
    assert [each.rule for each in found] == expected


def test_tasks_of_one_signature_that_move_together_are_each_renamed() -> None:
    sides = [
        make_project(*(make_plain_task(f"shop.{module}.{name}", "order") for name in ("pay", "send")))
        for module in ("tasks", "jobs")
    ]
    found = list(find_changes(*sides))
    assert [(each.rule, each.old, each.new) for each in found] == [
        ("task-renamed", "shop.tasks.pay", "shop.jobs.pay"),
        ("task-renamed", "shop.tasks.send", "shop.jobs.send"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        ("find, **more", "finding, **more", "param-renamed", "breaking"),
        ("find=None, **more", "finding=None, **more", "param-renamed-swallowed", "breaking"),
        ("order, *, find, **more", "order, *, finding, **more", "param-renamed", "breaking"),
    ],
)
def test_a_rename_beside_kwargs_is_one_finding(old: str, new: str, rule: str, severity: str) -> None:
    found = compare(make_plain_task(NAME, old), make_plain_task(NAME, new))
    assert [(each.rule, each.severity) for each in found] == [(rule, severity)]


def test_a_parameter_that_comes_beside_kwargs_breaks_only_who_sent_that_very_key() -> None:
    found = compare(make_plain_task(NAME, "order, **more"), make_plain_task(NAME, "order, user=None, **more"))
    assert {(each.rule, each.severity) for each in found} == {
        ("param-added-optional", "safe"),
        ("param-captures-extra-key", "dangerous"),
    }


def test_an_annotation_of_a_result_is_one_finding_whoever_might_take_it() -> None:
    def project(result: dict[str, Any]) -> Any:
        numbers = {"type": "array", "items": {"type": "integer"}}
        takers = [make_plain_task(f"shop.take_{n}", "ids", schemas={"ids": numbers}) for n in range(5)]
        return make_project(make_plain_task(NAME, "order", result=result), *takers)

    old = project({"type": "array", "items": {"type": "integer"}})
    found = list(find_changes(old, project({"type": "object"})))
    assert [each.path for each in found] == ["result"]


def test_a_task_that_takes_only_keywords_now_says_so_once_a_parameter() -> None:
    found = compare(make_plain_task(NAME, "order, user"), make_plain_task(NAME, "*, order, user"))
    assert [each.rule for each in found] == ["param-made-keyword-only"] * 2


def test_the_deploy_order_stays_and_no_version_is_too_low() -> None:
    old, new = make_plain_task(NAME, "order"), make_plain_task(NAME, "order, user=None")
    found = compare(old, new)
    assert find_deploy_order(found) == "workers-first"
    assert find_deploy_order(compare(new, old)) == "new-major"
    assert not list(find_version_gaps(make_project(new), make_project(old), compare(new, old)))


def test_a_severity_of_the_projects_own_asks_for_no_bump() -> None:
    (found,) = compare(None, make_plain_task(NAME), Policy(severities={"task-added": "breaking"}))
    assert (found.severity, found.bump) == ("breaking", "none")


def test_a_task_that_is_bound_now_is_the_same_task() -> None:
    plain = make_plain_task(NAME, "order: int")
    bound = make_task("pay", "order: int", wire_name=NAME)
    found = list(find_changes(make_project(plain), make_service(bound)))
    assert [each.rule for each in found] == ["types-enforced"]
