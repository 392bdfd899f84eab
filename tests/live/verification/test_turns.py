"""Calls that are sent before their turn: each runs within its own states, as if it had been sent then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import Contract, ProviderState
from taskcontract.verification.ticket import issue_tickets
from taskcontract.verification.verifier import Verifier
from tests.support.shop_project import ask

if TYPE_CHECKING:
    from tests.support.shop_project import ShopProject

BURNT = ProviderState("burnt down")


def stock(item: str, count: int) -> ProviderState:
    return ProviderState("in stock", {"item": item, "count": count})


@pytest.mark.parametrize("pool", ["threads", "solo", "prefork"])
def test_each_call_runs_within_its_own_states(pool: str, broker: str, project: ShopProject) -> None:
    calls, journal = [], []
    for number in range(12):
        item = f"tea{number}"
        states = (stock(item, 100 + number), *((BURNT,) if number % 4 == 2 else ()))
        calls.append(ask("order", item, 1, result=f"s3://{item}/{100 + number}", states=states))
        orders = [] if BURNT in states else [f"order {item}"]
        journal += [f"set up {item}", *orders, f"tear down {item}"]
    if pool == "prefork":  # its children have none of what is set up in the worker's process
        calls = [ask(*("order", *call.args), states=call.states) for call in calls]
    with Verifier(project.config(broker=broker, pool=pool)) as verifier:
        outcomes = verifier.verify(Contract("web", "shop", tuple(calls))).outcomes
    assert project.read("journal.txt") == journal
    burnt = [outcome for outcome in outcomes if BURNT in outcome.interaction.states]
    assert all(outcome.faults and outcome.sent is None for outcome in burnt)
    assert [outcome.faults for outcome in outcomes if outcome not in burnt] == [()] * 9


def test_a_call_that_waited_is_what_its_consumer_sent(broker: str, project: ShopProject) -> None:
    at_once, waited = ask("see_headers"), ask("see_headers", states=(stock("tea", 1),))
    last = ask("see_headers", states=(stock("milk", 1),))
    with Verifier(project.config(broker=broker)) as verifier:
        outcomes = verifier.verify(Contract("web", "shop", (at_once, waited, last))).outcomes
    seen = [outcome.reply.result for outcome in outcomes if outcome.reply]
    assert seen == [["taskcontract"]] * 3


def test_the_worker_dies_while_it_holds_calls(broker: str, project: ShopProject) -> None:
    items = [f"tea{number}" for number in range(6)]
    calls = [ask("order", item, 1, result=f"s3://{item}/7", states=(stock(item, 7),)) for item in items]
    calls.insert(2, ask("die", 4, states=(stock("death", 1),)))
    with Verifier(project.config(broker=broker)) as verifier:
        outcomes = verifier.verify(Contract("web", "shop", tuple(calls))).outcomes
    assert [outcome.ok for outcome in outcomes] == [True] * 2 + [False] + [True] * 4
    assert outcomes[2].faults[0].what == "the worker died (exit code 4) while it ran this task"
    journal = project.read("journal.txt")
    assert [line for line in journal if line.startswith("order")] == [f"order {item}" for item in items]


@pytest.mark.parametrize(
    ("result", "begun"), [("s3://tea/7", ["set up milk", "tear down milk"]), ("another", [])]
)
def test_the_next_one_begins_behind_a_success_alone(
    result: str, begun: list[str], project: ShopProject
) -> None:
    calls = (
        ask("order", "tea", 1, result=result, states=(stock("tea", 7),)),
        ask("order", "milk", 1, states=(stock("milk", 7),)),
    )
    tickets = issue_tickets(Contract("web", "shop", calls))
    with Verifier(project.config()) as verifier:
        verifier.plan(tickets)
        verifier.replay(tickets[0], tickets[1])
    journal = [line for line in project.read("journal.txt") if line != "order milk"]
    assert journal == ["set up tea", "order tea", "tear down tea", *begun]
