"""How tasks are paired, and what two versions of one task are to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.diff import Policy, compare_tasks, find_changes
from tests.support.specs import make_service, make_task

if TYPE_CHECKING:
    from taskcontract.model.service import ServiceSpec

V1 = make_task("send", "key: str, content: str")
V1_1 = make_task("send", "key: str, content: str, acl: str = ''", version="1.1.0")
V2 = make_task("send", "key: str, content: str, meta: dict", version="2.0.0", wire_name="pusher.send_v2")


def rules(old: ServiceSpec, new: ServiceSpec) -> list[str]:
    return [finding.rule for finding in find_changes(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([V1], [V1_1], ["param-added-optional"]),
        ([V1], [V1, V2], ["task-version-added"]),
        ([V1, V2], [V2], ["task-version-removed"]),
        ([V1], [V2], ["task-version-removed", "task-version-added"]),
        ([], [V1], ["task-added"]),
        ([V1], [V1], []),
    ],
)
def test_versions_pair_by_the_name_that_is_sent(
    old: list[object], new: list[object], found: list[str]
) -> None:
    assert rules(make_service(*old), make_service(*new)) == found  # type: ignore[arg-type]


def test_one_of_several_with_its_signature_is_not_taken_for_renamed() -> None:
    old = make_service(make_task("a", "key"), make_task("b", "key"))
    new = make_service(make_task("c", "key"), make_task("d", "key"))
    assert rules(old, new) == ["task-removed", "task-removed", "task-added", "task-added"]


def test_a_task_that_is_renamed_and_changed_is_removed_and_added() -> None:
    old, new = make_task("send", "key: str"), make_task("store", "key: int")
    assert rules(make_service(old), make_service(new)) == ["task-removed", "task-added"]


def test_two_versions_are_compared_by_what_they_promise() -> None:
    findings = list(compare_tasks(V1, V2, service="pusher"))
    assert [(f.rule, f.service, f.task, f.version) for f in findings] == [
        ("param-added-required", "pusher", "send", "1.0.0")
    ]


def test_true_and_one_are_two_values() -> None:
    old, new = make_task("send", "key=1"), make_task("send", "key=True")
    assert rules(make_service(old), make_service(new)) == ["param-default-changed"]
    old, new = (make_task("send", "key", schemas={"key": {"const": one}}) for one in (1, True))
    assert "payload-enum-value-removed" in rules(make_service(old), make_service(new))


def test_findings_come_one_by_one() -> None:
    broken = make_task("z", "key", schemas={"key": {"type": "string"}})
    invalid = make_task("z", "key", schemas={"key": {"type": "no type"}})
    findings = find_changes(make_service(V1, broken), make_service(V1_1, invalid))
    assert next(findings).rule == "param-added-optional"


def test_a_fingerprint_does_not_move_with_what_is_unrelated() -> None:
    renamed = make_task("send", "key: str, body: str", queue="uploads", description="Changed too.")
    other = make_task("purge", "days: int")
    alone = list(find_changes(make_service(V1), make_service(renamed)))
    among = list(
        find_changes(
            make_service(other, V1, version="1.4.0"),
            make_service(renamed, version="2.0.0"),
            policy=Policy(severities={"param-renamed": "dangerous"}, call_style="keyword"),
        )
    )
    fingerprints = [{f.rule: f.fingerprint for f in found}["param-renamed"] for found in (alone, among)]
    assert fingerprints[0] == fingerprints[1]
