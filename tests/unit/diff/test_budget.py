"""The budget of a command: hostile specs end, honest ones never notice, and what is left is never safe."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.diff_speed import make_spec
from taskcontract.diff import Policy, find_changes
from taskcontract.diff.budget import STEPS_A_TASK, ProofBudget
from taskcontract.diff.calls import breaks
from taskcontract.diff.schemas import comparison
from taskcontract.diff.schemas.budget import CLOCK_EVERY, Budget
from taskcontract.model.service import ParameterSpec, ServiceSpec, TaskSpec
from taskcontract.model.spec_file import load_spec
from tests.support.pydantic_schemas import make_pydantic_pair

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.finding import Finding

CASES = Path(__file__).parents[2] / "rules"
FOLDERS = sorted(file.parent.relative_to(CASES).as_posix() for file in CASES.rglob("expected.json"))
GRAVE = ("breaking", "dangerous")


def service(*parameters: Any, **facts: Any) -> ServiceSpec:
    listed = tuple(ParameterSpec(f"p{at}", schema=schema) for at, schema in enumerate(parameters))
    return ServiceSpec("svc", "1.0.0", (TaskSpec("t", "1.0.0", "svc.t", listed, queue="q", **facts),))


def patterns(at: int, new: int) -> Any:
    return {"type": "string", "pattern": f"^(a|b)*a(a|b){{{14 + new}}}$", "title": f"p{at}"}


def exceptions(at: int, new: int) -> Any:
    return {
        "type": "string",
        "allOf": [{"not": {"pattern": f"a.{{{8 + number}}}b{at}"}} for number in range(4 + new)],
    }


def alternatives(at: int, new: int) -> Any:
    options = [
        {"properties": {f"k{key}": {"minimum": at}}, "required": [f"k{key}"]} for key in range(12 + new)
    ]
    return {"type": "object", "oneOf": options}


def wide_objects(at: int, new: int) -> Any:
    kind = {"type": ("integer", "string")[new], "title": f"p{at}"}
    return {"type": "object", "properties": {f"k{key}": kind for key in range(300)}}


HOSTILE: dict[str, Callable[[int, int], Any]] = {
    make.__name__: make for make in (patterns, exceptions, alternatives, wide_objects)
}


def compare(make: Callable[[int, int], Any], budget: ProofBudget) -> list[Finding]:
    sides = [service(*(make(at, new) for at in range(30))) for new in (0, 1)]
    return list(find_changes(*sides, budget=budget))


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The steps that the engine of schemas takes, whatever is booked."""
    steps = [0]
    spend = Budget.spend

    def count(budget: Budget, number: int = 1) -> None:
        steps[0] += number
        spend(budget, number)

    monkeypatch.setattr(Budget, "spend", count)
    return steps


@pytest.mark.slow
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_hostile_parameters_take_no_more_than_the_budget(
    make: Callable[[int, int], Any], counted: list[int]
) -> None:
    budget = ProofBudget(100_000)
    findings = compare(make, budget)
    assert counted[0] <= budget.steps + CLOCK_EVERY
    assert budget.refused
    assert budget.left_undecided
    grave = {
        finding.path.partition("(")[0].split(".")[1] for finding in findings if finding.severity in GRAVE
    }
    assert grave == {f"p{at}" for at in range(30)}
    left = [finding for finding in findings if "the budget of 100,000 steps" in finding.consequence]
    assert {(finding.known, finding.severity) for finding in left} == {("undecided", "dangerous")}


@pytest.mark.slow
@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_the_same_specs_give_the_same_report(make: Callable[[int, int], Any]) -> None:
    """Also in a process that has compared them before, and remembers answers."""
    first, second = ProofBudget(50_000), ProofBudget(50_000)
    assert compare(make, first) == compare(make, second)
    assert (first.spent, first.refused, first.left_undecided) == (
        second.spent,
        second.refused,
        second.left_undecided,
    )


@pytest.mark.parametrize("objects", ["open", "closed"])
@pytest.mark.parametrize("case", FOLDERS)
def test_nothing_that_breaks_is_safe_however_small_the_budget(case: str, objects: Any) -> None:
    old, new = (load_spec(CASES / case / f"{side}.json") for side in ("old", "new"))
    policy = Policy(today="2026-11-01", objects=objects)
    breaking = {each.task for each in find_changes(old, new, policy=policy) if each.severity == "breaking"}
    for steps in (1, 60, 120, 250, 500, 1_000):
        found = list(find_changes(old, new, policy=policy, budget=ProofBudget(steps)))
        assert breaking <= {each.task for each in found if each.severity in GRAVE}, steps


def test_a_plain_break_behind_a_hostile_task_is_told_too() -> None:
    hostile = [patterns(at, 0) for at in range(9)], [patterns(at, 1) for at in range(9)]
    old, new = (service(*schemas, {"type": "integer"}) for schemas in hostile)
    renamed = (
        TaskSpec("u", "1.0.0", "svc.u", (ParameterSpec("a"),)),
        TaskSpec("u", "1.0.0", "svc.u", (ParameterSpec("b"), ParameterSpec("c", schema={"type": "string"}))),
    )
    old, new = (
        ServiceSpec("svc", "1.0.0", (*side.tasks, task))
        for side, task in zip((old, new), renamed, strict=True)
    )
    budget = ProofBudget(20_000)
    findings = list(find_changes(old, new, budget=budget))
    assert budget.used_up
    (added,) = [finding for finding in findings if finding.rule == "param-added-required"]
    assert (added.severity, added.known) == ("breaking", "proved")  # a signature of two is always decided


@pytest.mark.slow
def test_honest_specs_need_no_more_than_what_each_task_adds() -> None:
    rng = random.Random(7)
    sides: list[list[TaskSpec]] = [[], []]
    for number in range(30):
        pairs = [make_pydantic_pair(rng) for _ in range(4)]
        for at, tasks in enumerate(sides):
            parameters = tuple(ParameterSpec(f"p{i}", schema=pair[at]) for i, pair in enumerate(pairs[1:]))
            tasks.append(
                TaskSpec(f"t{number}", "1.0.0", f"svc.t{number}", parameters, result=pairs[0][at], queue="q")
            )
    old, new = (ServiceSpec("svc", "1.0.0", tuple(tasks)) for tasks in sides)
    budget = ProofBudget()
    assert list(find_changes(old, new, budget=budget))
    assert budget.refused == 0
    assert budget.spent < 30 * STEPS_A_TASK

    budget = ProofBudget()
    assert list(find_changes(make_spec(500, edited=False), make_spec(500, edited=True), budget=budget))
    assert budget.spent < 50 * STEPS_A_TASK


def many(prefix: str, count: int) -> ServiceSpec:
    listed = tuple(ParameterSpec(f"{prefix}{at}") for at in range(count))
    return ServiceSpec("svc", "1.0.0", (TaskSpec("t", "1.0.0", "svc.t", listed),))


@pytest.mark.slow
def test_hundreds_of_renamed_parameters_are_decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """And of all calls that are looked at only those are written out that are shown."""
    written = [0]
    write_out = breaks._Found.write_out

    def count(found: Any) -> Any:
        written[0] += 1
        return write_out(found)

    monkeypatch.setattr(breaks._Found, "write_out", count)
    findings = list(find_changes(many("a", 300), many("b", 300)))
    assert {(finding.rule, finding.severity) for finding in findings} == {("param-renamed", "breaking")}
    assert len(findings) == 300
    assert written[0] == 600


def test_ten_thousand_parameters_are_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaks, "terms_for", None)  # whoever looks at a call needs it
    budget = ProofBudget()
    (finding,) = find_changes(many("a", 10_000), many("b", 10_000), budget=budget)
    assert (finding.rule, finding.severity, finding.known) == (
        "param-lists-incompatible",
        "dangerous",
        "undecided",
    )
    assert "the budget of 2,020,000 steps for all proofs is used up" in finding.consequence
    assert (budget.refused, budget.left_undecided) == (1, 1)


def test_a_pattern_cannot_hang_the_spelling_of_a_call() -> None:
    trap = {"type": "string", "pattern": "^(a+)+$"}
    texts = {"anyOf": [trap, {"enum": ["a" * 40 + "!"]}, {"type": "integer"}]}
    findings = list(find_changes(service(texts), service({"type": "integer"})))
    assert "breaking" in {finding.severity for finding in findings}


@pytest.mark.slow
def test_a_pattern_without_end_is_undecided_and_not_repeated() -> None:
    old, new = ({"type": "string", "pattern": f"[a-z]{end}" * 100_000} for end in "xy")
    (finding,) = find_changes(service(old), service(new))
    assert (finding.known, finding.severity) == ("undecided", "dangerous")
    assert "600,000 characters, more than 50,000" in finding.consequence
    assert len(finding.consequence) < 1_000
    assert comparison.compare_schemas(old, new).verdict == "undecided"
