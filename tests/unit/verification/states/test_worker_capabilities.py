"""What an interaction may ask of a worker."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from taskcontract.model.contract import Interaction, ProviderState
from taskcontract.verification.states.worker_capabilities import (
    StateCapability,
    TaskCapability,
    WorkerCapabilities,
    capabilities_from_json,
    find_refusal,
)

CAPABILITIES = WorkerCapabilities(
    tasks=(TaskCapability("shop.order", "1.2.0"), TaskCapability("shop.plain")),
    states=(StateCapability("in stock"),),
    queues=("celery", "shop"),
    services=("shop",),
)
ORDER = Interaction("an order", "shop.order", "1.0.0", queue="shop")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"version": "1.2.0"}, ""),
        ({"version": "1.2.1"}, "at version 1.2.0, the contract asks for 1.2.1"),
        ({"version": "2.0.0"}, "asks for 2.0.0"),
        ({"version": "0.9.0"}, "asks for 0.9.0"),
        ({"version": "newest"}, "asks for newest"),
        ({"version": ""}, ""),  # written by hand: any will do
        ({"wire_name": "shop.plain", "version": "7.0.0"}, ""),
        ({"wire_name": "shop.Order"}, "has no task 'shop.Order'"),
        ({"queue": None}, ""),
        ({"queue": "celery"}, ""),
        ({"queue": "attic"}, "to the queue 'attic'"),
        ({"states": (ProviderState("in stock", {"item": "tea"}),)}, ""),
        ({"states": (ProviderState("in stock"), ProviderState("open"))}, "declares no state 'open'"),
    ],
)
def test_refusals(changes: dict[str, object], said: str) -> None:
    refusal = find_refusal(CAPABILITIES, replace(ORDER, **changes))  # type: ignore[arg-type]
    assert (refusal is not None) == bool(said)
    if refusal is not None:
        assert said in refusal.what
        assert refusal.do


def test_unknown_queues_refuse_nothing() -> None:
    open_to_all = replace(CAPABILITIES, queues=())
    elsewhere = replace(ORDER, queue="attic")
    assert find_refusal(open_to_all, elsewhere) is None
    assert open_to_all.find_queue(elsewhere) == "celery"


def test_it_travels_as_json() -> None:
    assert capabilities_from_json(json.loads(json.dumps(CAPABILITIES.to_json()))) == CAPABILITIES


def test_a_missing_state_is_shown_as_the_function_to_paste() -> None:
    states = (ProviderState("in stok", {"item": "tea", "count": 1}), ProviderState("1 day", {"a b": 1}))
    for state, shown in zip(states, ("def in_stok(item, count):", "def state_1_day(**params):"), strict=True):
        refusal = find_refusal(CAPABILITIES, replace(ORDER, states=(state,)))
        assert refusal is not None
        assert f"@provider.state({state.name!r})" in refusal.do
        assert shown in refusal.do
    assert "the nearest that it declares is 'in stock'" in str(
        find_refusal(CAPABILITIES, replace(ORDER, states=states[:1]))
    )
