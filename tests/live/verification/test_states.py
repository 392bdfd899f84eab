"""Provider states: set up before, torn down after, whatever happens in between."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import ANYTHING, Contract, ProviderState
from taskcontract.verification.ticket import issue_tickets
from taskcontract.verification.verifier import Verifier
from tests.support.shop_project import ask

if TYPE_CHECKING:
    from tests.support.shop_project import ShopProject

LEFT, RIGHT = ProviderState("a shelf"), ProviderState("a shelf", {"name": "right"})
HERE = ProviderState("here")
TEA, MILK = ProviderState("in stock", {"item": "tea"}), ProviderState("in stock", {"item": "milk"})
BURNT, ENDLESS = ProviderState("burnt down"), ProviderState("endless")


@pytest.mark.parametrize(
    ("interactions", "journal"),
    [
        pytest.param(
            [ask("order", "tea", 1, states=(TEA, MILK))],
            ["set up tea", "set up milk", "order tea", "tear down milk", "tear down tea"],
            id="in order and back",
        ),
        pytest.param(
            [ask("refuse", "it", states=(TEA,))], ["set up tea", "tear down tea"], id="after a failure"
        ),
        pytest.param(
            [ask("order", "tea", 1, states=(TEA, BURNT))],
            ["set up tea", "tear down tea"],
            id="second state raises",
        ),
        pytest.param(
            [ask("order", "tea", 1, states=(TEA,)), ask("order", "milk", 1), ask("order", "milk", 2)],
            ["set up tea", "order tea", "tear down tea", "order milk", "order milk"],
            id="nothing else meanwhile",
        ),
    ],
)
def test_order(interactions: list, journal: list[str], project: ShopProject) -> None:
    with Verifier(project.config()) as verifier:
        verifier.verify(Contract("web", "shop", tuple(interactions)))
    assert project.read("journal.txt") == journal


def test_nothing_is_on_its_way_while_a_state_holds(project: ShopProject) -> None:
    calls = [ask("order", "milk", number) for number in range(30)]
    stateful = ask("order", "tea", 1, states=(TEA,))
    with Verifier(project.config()) as verifier:
        verifier.verify(Contract("web", "shop", (calls[0], stateful, *calls[1:])))
    journal = project.read("journal.txt")
    assert journal.count("order milk") == 30
    start = journal.index("set up tea")
    assert journal[start : start + 3] == ["set up tea", "order tea", "tear down tea"]


def test_hanging_state_is_given_up(project: ShopProject) -> None:
    contract = Contract(
        "web", "shop", (ask("plain", states=(ENDLESS,)), ask("plain", result={"given": None}))
    )
    with Verifier(project.config(timeout=0.5)) as verifier:
        hanging, after = verifier.verify(contract).outcomes
    assert "'endless' could not be set up: it took longer than 0.5 s" in hanging.faults[0].what
    assert after.ok


def test_states_that_touch_different_things_overlap(broker: str, project: ShopProject) -> None:
    calls = [ask("wait_for", 3, states=(LEFT,)), ask("wait_for", 3, states=(RIGHT,)), ask("wait_for", 3)]
    calls = [replace(call, result="met", description=str(number)) for number, call in enumerate(calls)]
    with Verifier(project.config(broker=broker)) as verifier:
        verification = verifier.verify(Contract("web", "shop", tuple(calls)))
    assert verification.ok, verification.outcomes


def test_states_that_touch_the_same_take_turns(project: ShopProject) -> None:
    left = ProviderState("a shelf", {"name": "left"})
    calls = [
        ask("order", "tea", 1, states=(state,), description=f"{number}")
        for number, state in enumerate((LEFT, left, LEFT))
    ]
    with Verifier(project.config()) as verifier:
        verifier.verify(Contract("web", "shop", tuple(calls)))
    assert project.read("journal.txt") == ["set up left", "order tea", "tear down left"] * 3


@pytest.mark.parametrize("pool", ["threads", "solo", "prefork"])
def test_an_effect_without_a_result_is_checked(pool: str, project: ShopProject) -> None:
    states = (ProviderState("counted", {"by": "anna"}),)
    good = ask("count_order", "anna", rules=(ANYTHING,), states=states)
    bad = ask("count_order", "berta", rules=(ANYTHING,), states=states)
    with Verifier(project.config(pool=pool)) as verifier:
        passed, failed = verifier.verify(Contract("web", "shop", (good, bad))).outcomes
    assert passed.ok, passed
    (fault,) = failed.faults
    assert "the state 'counted' does not find what the call should have done" in fault.what
    assert 'assert Path("orders.txt").read_text() == by' in fault.trace
    assert [run.fault is None for run in (*passed.states, *failed.states)] == [True, False]


def test_an_error_of_the_end_is_shown_at_its_line(project: ShopProject) -> None:
    call = ask("order", "tea", 1, result="other", states=(ProviderState("broken end"),))
    with Verifier(project.config()) as verifier:
        outcomes = verifier.verify(
            Contract("web", "shop", (call, ask("plain", result={"given": None})))
        ).outcomes
    (fault,) = outcomes[0].faults
    assert fault.what == "the state 'broken end' could not be torn down: cannot clean up"
    assert 'raise RuntimeError("cannot clean up")' in fault.trace
    assert [str(each) for each in outcomes[0].mismatches] == ['$: "s3://tea/1" is not equal to "other"']
    assert outcomes[1].ok


def test_a_state_of_this_process(project: ShopProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    calls = [
        ask("order", "tea", 1, result="s3://tea/7", states=(HERE, TEA)),
        ask("plain", states=(ProviderState("here", {"fail": "soon"}),)),
        ask("plain", states=(TEA, ProviderState("here", {"fail": "never"}))),
    ]
    monkeypatch.syspath_prepend(str(project.root))
    try:
        with Verifier(project.config(timeout=1.5)) as verifier:
            passed, raised, hanging = verifier.verify(Contract("web", "shop", tuple(calls))).outcomes
    finally:
        for name in ("shop", "shop_bindings"):
            sys.modules.pop(name, None)
    assert passed.ok, passed.faults
    assert [(run.name, run.where) for run in passed.states] == [("here", "tests"), ("in stock", "worker")]
    assert project.read("journal.txt")[:5] == [
        f"here {os.getpid()} embedded",
        "set up tea",
        "order tea",
        "tear down tea",
        "gone from here",
    ]
    assert raised.faults[0].what == "the state 'here' could not be set up: not here"
    assert 'raise RuntimeError("not here")' in raised.faults[0].trace
    assert "it took longer than 1.5 s" in hanging.faults[0].what
    assert "time.sleep(60)" in hanging.faults[0].trace
    assert project.read("journal.txt")[-1] == "tear down tea"


def test_the_worker_dies_while_states_hold(broker: str, project: ShopProject) -> None:
    shelves = [ProviderState("a shelf", {"name": str(number)}) for number in range(6)]
    calls = [
        ask("plain", number, result={"given": number}, states=(state,))
        for number, state in enumerate(shelves)
    ]
    calls.insert(3, ask("die", 4, states=(RIGHT,)))
    with Verifier(project.config(broker=broker)) as verifier:
        outcomes = verifier.verify(Contract("web", "shop", tuple(calls))).outcomes
    assert [outcome.ok for outcome in outcomes] == [True] * 3 + [False] + [True] * 3
    assert outcomes[3].faults[0].what == "the worker died (exit code 4) while it ran this task"


def test_what_is_set_up_ahead_is_undone_when_a_run_ends_early(project: ShopProject) -> None:
    shelves = [ProviderState("a shelf", {"name": str(number)}) for number in range(9)]
    contract = Contract(
        "web", "shop", tuple(ask("order", "tea", n, states=(s,)) for n, s in enumerate(shelves))
    )
    tickets = issue_tickets(contract)
    with Verifier(project.config()) as verifier:
        verifier.plan(tickets)
        verifier.replay(tickets[0])
    journal = project.read("journal.txt")
    set_up = {line.removeprefix("set up ") for line in journal if line.startswith("set up ")}
    torn_down = {line.removeprefix("tear down ") for line in journal if line.startswith("tear down ")}
    assert set_up == torn_down
