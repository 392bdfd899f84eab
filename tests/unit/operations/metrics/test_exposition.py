"""The numbers of a look, as a scrape shows them."""

from __future__ import annotations

from datetime import datetime

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from taskcontract import Service
from taskcontract.errors import BrokerError
from taskcontract.operations.metrics import LookCollector, Numbers
from taskcontract.operations.metrics.numbers import InFlightKey
from taskcontract.safety_net.quarantine import Measured
from tests.support.scraping import Samples, read_samples

shop = Service("shop")


@shop.task(version="1.0.0", sunset="2099-01-31", aliases=("old.sell",))
def sell(item: str) -> None: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str) -> None: ...


def show(collector: LookCollector) -> Samples:
    registry = CollectorRegistry()
    registry.register(collector)
    return read_samples(generate_latest(registry).decode())


@pytest.fixture
def collector() -> LookCollector:
    return LookCollector(shop.tasks)


def test_before_the_first_look_there_is_nothing_but_what_is_declared(collector: LookCollector) -> None:
    midnight = datetime(2099, 2, 1).astimezone().timestamp()
    name = "taskcontract_sunset_timestamp_seconds"
    assert show(collector) == {
        (name, frozenset({("service", "shop"), ("task", task), ("version", "1.0.0")})): midnight
        for task in (sell.wire_name, "old.sell")
    }


def test_a_look_is_shown(collector: LookCollector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", lambda: 1060.0)
    key = InFlightKey("shop", "shop.sell", "1.0.0", "waiting")
    collector.show(Numbers({"q": Measured(2, 1000.0)}, {"jobs": 7}, {key: 5}, {"jobs": False, "big": True}))
    seen = show(collector)
    assert seen["taskcontract_quarantine_messages", frozenset({("queue", "q")})] == 2
    assert seen["taskcontract_quarantine_oldest_seconds", frozenset({("queue", "q")})] == 60
    assert seen["taskcontract_queue_messages", frozenset({("queue", "jobs")})] == 7
    assert seen["taskcontract_in_flight_messages", frozenset(key._asdict().items())] == 5
    assert seen["taskcontract_in_flight_unknown", frozenset({("queue", "jobs")})] == 0
    assert seen["taskcontract_in_flight_unknown", frozenset({("queue", "big")})] == 1
    assert seen["taskcontract_look_timestamp_seconds", frozenset()] == 1060


def test_a_blind_look_shows_no_old_number_and_when_the_last_one_was(
    collector: LookCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1060.0)
    collector.show(Numbers({"q": Measured(2, 1000.0)}, {"jobs": 7}))
    monkeypatch.setattr("time.time", lambda: 2060.0)
    collector.show(Numbers({"q": None}, unknown={"jobs": True}, faults=[BrokerError("away")]))
    seen = show(collector)
    assert {name for name, _ in seen} == {
        "taskcontract_quarantine_unknown",
        "taskcontract_in_flight_unknown",
        "taskcontract_sunset_timestamp_seconds",
        "taskcontract_look_timestamp_seconds",
    }
    assert seen["taskcontract_look_timestamp_seconds", frozenset()] == 1060
