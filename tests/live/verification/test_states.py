"""Provider states: set up before, torn down after, whatever happens in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import Contract, ProviderState
from taskcontract.verification.verifier import Verifier
from tests.support.shop_project import ask

if TYPE_CHECKING:
    from tests.support.shop_project import ShopProject

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
def test_order(interactions: list, journal: list[str], project: ShopProject) -> None:  # type: ignore[type-arg]
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
