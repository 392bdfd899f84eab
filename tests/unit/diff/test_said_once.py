"""A change with one cause is one finding, however many messages show it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from taskcontract.diff import find_changes
from tests.support.bindings_pairs import spec_of

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("f() -> str", "f(*args: str, **kwargs: str) -> str", ["varargs-added"]),
        ("f() -> str", "f(*args: str) -> str", ["varargs-added"]),
        ("f() -> str", "f(**kwargs: str) -> str", ["varkwargs-added"]),
        ("f(*args: str) -> str", "f(*args: str, **kwargs: str) -> str", ["varkwargs-added"]),
        (
            "f(a: str, b: str = '', **m: str) -> str",
            "f(a: str, **m: str) -> str",
            ["param-removed-swallowed"],
        ),
        ("f(a: str, b: str, **m: str) -> str", "f(a: str, **m: str) -> str", ["param-removed-swallowed"]),
        ("f(a: str, *, b: str, **m: str) -> str", "f(a: str, **m: str) -> str", ["param-removed-swallowed"]),
        ("f(a: str, b: str = '') -> str", "f(a: str) -> str", ["param-removed"]),
    ],
)
def test_one_cause_is_one_finding(old: str, new: str, found: list[str]) -> None:
    findings = list(find_changes(spec_of(old), spec_of(new)))
    assert [each.rule for each in findings] == found
    assert len({each.consequence for each in findings}) == len(found)


def test_a_removed_parameter_says_what_becomes_of_every_call_that_gives_it() -> None:
    (found,) = find_changes(
        spec_of("f(a: str, b: str = '', **m: str) -> str"), spec_of("f(a: str, **m: str) -> str")
    )
    assert (found.severity, found.silent) == ("breaking", True)
    assert found.consequence == (
        "What a message gives for `b` falls into `**m['b']`; nothing raises. "
        "Given in another way, it fails in the worker with TypeError."
    )


LATE = {"acks_late": True}
REJECTS = {"reject_on_worker_lost": True}


def compare_options(old: dict[str, bool], new: dict[str, bool]) -> list[Finding]:
    """The findings between a task with the options `old` and the same with `new`."""
    spec = spec_of("f() -> str")
    sides = [replace(spec, tasks=(replace(spec.tasks[0], options=dict(each)),)) for each in (old, new)]
    return list(find_changes(*sides))


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ({}, LATE | REJECTS, ["acks_late"]),
        (LATE | REJECTS, {}, ["acks_late"]),
        ({}, LATE, ["acks_late"]),
        (LATE, LATE | REJECTS, ["reject_on_worker_lost"]),
        (REJECTS, LATE, ["acks_late", "reject_on_worker_lost"]),
        (LATE, LATE | {"acks_on_failure_or_timeout": False}, ["acks_on_failure_or_timeout"]),
    ],
)
def test_options_of_one_effect_are_one_finding(
    old: dict[str, bool], new: dict[str, bool], paths: list[str]
) -> None:
    findings = compare_options(old, new)
    assert [each.path for each in findings] == [f"options.{path}" for path in paths]
    assert len({each.consequence for each in findings}) == len(paths)


def test_options_that_reach_one_another_are_told_in_one_sentence() -> None:
    (found,) = compare_options({}, LATE | REJECTS)
    assert found.consequence == (
        "When a worker of `f`, or the process of its pool that runs it, dies, its message may now be "
        "delivered again: the task can run twice."
    )
