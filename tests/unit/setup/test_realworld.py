"""The lists of `make realworld` can be read, and what differs from them is told."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.realworld.accounting import compare_changes, compare_tasks
from tests.realworld.hand_checked import Expected, read_expected, read_pairs, write_signature

PAIRS = read_pairs()
SEND = Expected("shop.send", "order, *, at=None")
HIDDEN = Expected("shop.jobs.Clean", "", "shop/jobs.py")


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.project)
def test_a_change_is_of_tasks_that_the_lists_have(pair: object) -> None:
    assert pair in PAIRS
    for each in PAIRS:
        old, new = ({task.name for task in read_expected(each.project, v)} for v in (each.old, each.new))
        for change in each.changes:
            severity, rule, task = change.split(" ")
            assert severity in ("breaking", "dangerous", "safe")
            assert task == "-" or task in old | new, change
            assert (rule == "task-removed") == (task in old - new), change
            assert (rule == "task-added") == (task in new - old), change


def test_each_release_has_a_list_of_distinct_tasks() -> None:
    lists = [read_expected(pair.project, version) for pair in PAIRS for version in (pair.old, pair.new)]
    assert len(lists) == 10
    for expected in lists:
        assert len({task.name for task in expected}) == len(expected) > 0


def test_a_default_that_is_no_json_stands_as_its_text() -> None:
    assert write_signature("a, b=settings.LIMIT, *, c=(1, 2)") == "a, b='settings.LIMIT', *, c=[1, 2]"


def test_what_is_as_the_list_says_is_good() -> None:
    account = compare_tasks([SEND, HIDDEN], {"shop.send": "order, *, at=None"}, {"shop/jobs.py"})
    assert (account.tasks, account.exact, account.recall, account.good) == (1, 1, 1.0, True)


@pytest.mark.parametrize(
    ("found", "files", "trouble"),
    [
        ({}, {"shop/jobs.py"}, "missing: shop.send(order, *, at=None)"),
        ({"shop.send": "order"}, {"shop/jobs.py"}, "read as shop.send(order), but it is (order, *, at=None)"),
        (
            {"shop.send": "order, *, at=None"},
            set(),
            "neither read nor listed: shop.jobs.Clean, in shop/jobs.py",
        ),
        (
            {"shop.send": "order, *, at=None", "shop.helper": "x"},
            {"shop/jobs.py"},
            "not a task: shop.helper(x)",
        ),
    ],
)
def test_what_differs_from_the_list_is_told(found: dict[str, str], files: set[str], trouble: str) -> None:
    account = compare_tasks([SEND, HIDDEN], found, files)
    assert account.troubles == (trouble,)
    assert not account.good


def test_a_change_that_is_missed_or_false_is_told() -> None:
    expected = Counter(["breaking task-removed a", "breaking task-removed a", "safe task-added b"])
    assert compare_changes(expected, expected) == []
    assert compare_changes(expected, Counter(["breaking task-removed a", "safe task-added c"])) == [
        "not found: breaking task-removed a",
        "not found: safe task-added b",
        "false: safe task-added c",
    ]
