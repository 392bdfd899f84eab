"""Calls are counted by version and consumer, and no count is lost."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any, Literal
from uuid import uuid4

import prometheus_client
import pytest
from celery import Celery

from taskcontract import Carried, Provider, Service
from taskcontract.errors import BrokerError
from taskcontract.provider.worker_step import ProviderStep
from taskcontract.usage import (
    MemoryStore,
    UsageCounter,
)
from taskcontract.usage import counter as counter_module
from taskcontract.usage.bounds import MOST_APART, Bound
from taskcontract.usage.call_shape import OTHER_SHAPE
from taskcontract.usage.counter import DEPRECATED_METRIC, METRIC
from tests.support.scraping import read_samples
from tests.support.waiting import wait_until


class AwayOnce(MemoryStore):
    """A store that fails at its first use."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error: Exception | None = error

    def add(self, service: str, uses: Any, since: float, shapes: Any = None) -> None:
        error, self.error = self.error, None
        if error is not None:
            raise error
        super().add(service, uses, since, shapes)


@pytest.fixture(autouse=True)
def _first_calls_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """A first call is written aside at once; most tests here say themselves when it is written."""
    monkeypatch.setattr(counter_module, "FIRST_AFTER", counter_module.FLUSH_AFTER)
    monkeypatch.setattr(counter_module, "METRIC_BOUND", Bound())


@pytest.fixture
def shop() -> Service:
    return Service(f"shop-{uuid4().hex}")


@pytest.fixture
def sell(shop: Service) -> Any:
    @shop.task(version="1.2.0")
    def sell(item: str) -> None: ...

    return sell


def headers(version: str, consumer: str) -> dict[str, Any]:
    return {"taskcontract": {"version": version, "consumer": consumer}}


def test_calls_are_counted_by_version_and_consumer(shop: Service, sell: Any) -> None:
    store = MemoryStore()
    counting = UsageCounter(shop.name, lambda: store, now=lambda: 7.0)
    for each in (headers("1.1.0", "web"), headers("1.1.0", "web"), {}, {"taskcontract": "?"}, None):
        counting.count(sell, each)
    counting.flush()
    counted = {
        (use.key.version, use.key.consumer): (use.count, use.last_seen) for use in store.read(shop.name).uses
    }
    assert counted == {("1.1.0", "web"): (2, 7.0), ("1.2.0", "(unknown)"): (3, 7.0)}


@pytest.mark.parametrize("error", [BrokerError("away"), ValueError("odd\nindeed")])
def test_what_a_store_did_not_take_is_kept_for_the_next_flush(
    shop: Service, sell: Any, error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    store = AwayOnce(error)
    counting = UsageCounter(shop.name, lambda: store, now=iter([9.0, 7.0, 8.0]).__next__)
    counting.count(sell, headers("1.0.0", "web"))
    counting.flush()
    counting.count(sell, headers("1.0.0", "web"))
    counting.count(sell, {})
    counting.flush()
    counted = store.read(shop.name)
    uses = {use.key.consumer: (use.count, use.last_seen) for use in counted.uses}
    assert uses == {"web": (2, 9.0), "(unknown)": (1, 8.0)}
    assert counted.since == 9.0
    (record,) = caplog.records
    assert "\n" not in record.getMessage()
    assert record.exc_info is None


class Worker:
    """What a step of Celery's worker is given."""

    def __init__(self, app: Celery) -> None:
        self.app = app


def test_a_worker_that_starts_says_since_when_it_counts(shop: Service) -> None:
    app, other = (Celery(set_as_current=False) for _ in range(2))
    provider = Provider(app, shop)
    store = MemoryStore()
    provider.usage._make_store = lambda: store
    provider.usage._now = lambda: 7.0
    for started, since in ((other, None), (app, 7.0)):
        worker: Any = Worker(started)
        ProviderStep(worker).start(worker)
        provider.usage.flush()
        assert store.read(shop.name).since == since


def test_a_store_that_lost_everything_is_not_told_of_the_time_before(shop: Service, sell: Any) -> None:
    stores = [MemoryStore(), MemoryStore()]
    counting = UsageCounter(shop.name, lambda: stores[0], now=iter([1.0, 5.0, 6.0]).__next__)
    counting.count(sell, {})
    counting.flush()
    assert stores.pop(0).read(shop.name).since == 1.0
    counting.count(sell, {})
    counting.flush()
    assert stores[0].read(shop.name).since == 6.0


class Slow(AwayOnce):
    """A store that takes its time to fail at its first use."""

    def __init__(self) -> None:
        super().__init__(BrokerError("away"))
        self.is_reached, self.may_end = threading.Event(), threading.Event()

    def add(self, service: str, uses: Any, since: float, shapes: Any = None) -> None:
        self.is_reached.set()
        assert self.may_end.wait(10)
        super().add(service, uses, since, shapes)


def test_a_worker_that_ends_waits_for_the_flush_under_way_and_writes_the_rest(
    shop: Service, sell: Any
) -> None:
    store = Slow()
    counting = UsageCounter(shop.name, lambda: store)
    counting.count(sell, headers("1.0.0", "web"))
    flushing = threading.Thread(target=counting.flush)
    flushing.start()
    assert store.is_reached.wait(10)
    threading.Timer(0.1, store.may_end.set).start()
    counting.stop()
    flushing.join(10)
    assert [use.count for use in store.read(shop.name).uses] == [1]


def test_a_worker_that_ends_does_not_wait_for_ever(
    shop: Service, sell: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(counter_module, "LAST_WAIT", 0.01)
    counting = UsageCounter(shop.name, MemoryStore)
    counting.count(sell, headers("1.0.0", "web"))
    with counting._flushing:
        counting.stop()
    assert "are lost" in caplog.text


@pytest.mark.parametrize(
    ("eta", "redelivered", "count"),
    [(None, False, 2), (None, True, 2), ("2027-01-01T00:00:00", False, 2), ("2027-01-01T00:00:00", True, 1)],
)
def test_an_eta_message_that_is_given_again_is_no_new_call(
    shop: Service, sell: Any, eta: str | None, redelivered: bool, count: int
) -> None:
    store = MemoryStore()
    counting = UsageCounter(shop.name, lambda: store)
    message = {**headers("1.0.0", "web"), "eta": eta}
    counting.count(sell, message)
    counting.count(sell, message, redelivered=redelivered)
    counting.flush()
    assert [use.count for use in store.read(shop.name).uses] == [count]


def test_a_count_is_written_soon_though_nothing_follows(
    shop: Service, sell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter_module, "FLUSH_AFTER", 0.01)
    store = MemoryStore()
    counting = UsageCounter(shop.name, lambda: store)
    for consumer in ("web", "cron"):
        counting.count(sell, headers("1.0.0", consumer))
        wait_until(
            partial(lambda name: name in {use.key.consumer for use in store.read(shop.name).uses}, consumer)
        )


def test_the_first_call_of_a_caller_and_day_is_written_at_once(
    shop: Service, sell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter_module, "FIRST_AFTER", 0.0)
    monkeypatch.setattr(counter_module, "FLUSH_AFTER", 3_600.0)
    store, clock = MemoryStore(), [1.0]
    counting = UsageCounter(shop.name, lambda: store, now=lambda: clock[0])

    def seen() -> dict[str, float]:
        return {use.key.consumer: use.last_seen for use in store.read(shop.name).uses}

    for now, consumer in ((1.0, "web"), (2.0, "web"), (3.0, "cron"), (90_000.0, "web")):
        clock[0] = now
        counting.count(sell, headers("1.0.0", consumer))
        if now != 2.0:
            wait_until(partial(lambda name, last: seen().get(name) == last, consumer, now))
    counting.stop()


def test_callers_beyond_the_bound_are_counted_as_others(shop: Service, sell: Any) -> None:
    store = MemoryStore()
    counting = UsageCounter(shop.name, lambda: store, now=lambda: 7.0)
    counting.count(sell, headers("1.0.0", "web"))
    for number in range(3 * MOST_APART):
        counting.count(sell, headers("1.0.0", f"../liar/{number}"))
        counting.count(sell, headers("9" * number, "web"))
    counting.count(sell, headers("1.0.0", "web"))
    counting.flush()
    uses = {(use.key.version, use.key.consumer): use.count for use in store.read(shop.name).uses}
    assert len(uses) == MOST_APART + 1
    assert uses["1.0.0", "web"] == 2
    assert {version for version, _ in uses} == {"1.0.0", "1.2.0"}, "what is no version is the declared one"
    assert sum(uses.values()) == 6 * MOST_APART + 2, "none is lost"
    labels = {"service": shop.name, "task": sell.wire_name, "version": "1.2.0", "consumer": "(other)"}
    assert (prometheus_client.REGISTRY.get_sample_value(f"{METRIC}_total", labels) or 0) > MOST_APART


def test_prometheus_gets_the_same_counts(shop: Service, sell: Any) -> None:
    counting = UsageCounter(shop.name, MemoryStore)
    counting.count(sell, headers("1.0.0", "web"))
    counting.count(sell, headers("1.0.0", "web"))
    labels = {"service": shop.name, "task": sell.wire_name, "version": "1.0.0", "consumer": "web"}
    assert prometheus_client.REGISTRY.get_sample_value(f"{METRIC}_total", labels) == 2


@pytest.mark.parametrize(
    ("dates", "counted"),
    [
        ({}, None),
        ({"sunset": "2099-01-31"}, 1),
        ({"deprecated": "2020-01-31"}, 1),
        ({"deprecated": "2099-01-31"}, None),
        ({"deprecated": "2099-01-30", "sunset": "2099-01-31"}, None),
    ],
)
def test_calls_of_deprecated_versions_are_counted_apart(
    shop: Service, dates: dict[str, Any], counted: float | None
) -> None:
    @shop.task(version="1.2.0", **dates)
    def lend(item: str) -> None: ...

    UsageCounter(shop.name, MemoryStore).count(lend, headers("1.1.0", "web"))
    labels = {"service": shop.name, "task": lend.wire_name, "version": "1.1.0", "consumer": "web"}
    assert prometheus_client.REGISTRY.get_sample_value(f"{METRIC}_total", labels) == 1
    assert prometheus_client.REGISTRY.get_sample_value(f"{DEPRECATED_METRIC}_total", labels) == counted


def test_no_caller_makes_series_without_end_or_breaks_a_line(shop: Service) -> None:
    @shop.task(version="1.2.0", sunset="2099-01-31")
    def lend(item: str) -> None: ...

    counting = UsageCounter(shop.name, MemoryStore)
    for number in range(2 * MOST_APART):
        counting.count(lend, headers(f"1.{number}.0", f'"}} 1\\{number}'))
    for name in ("line\n1", "\ud800", "x" * 201, 7, None, ["x"]):
        counting.count(lend, {"taskcontract": {"version": name, "consumer": name}})
    shown = read_samples(prometheus_client.generate_latest().decode())
    for metric in (METRIC, DEPRECATED_METRIC):
        ours = {
            key: value
            for key, value in shown.items()
            if key[0] == f"{metric}_total" and ("service", shop.name) in key[1]
        }
        assert len(ours) == MOST_APART + 1
        assert sum(ours.values()) == 2 * MOST_APART + 6, "none is lost"


class Dispatcher:
    """Keeps the events that it is given."""

    def __init__(self, *, enabled: bool) -> None:
        self.enabled = enabled
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, kind: str, **fields: Any) -> None:
        self.sent.append((kind, fields))


@pytest.mark.parametrize("enabled", [True, False])
def test_a_call_is_told_as_an_event_where_events_are_on(shop: Service, sell: Any, enabled: bool) -> None:
    events = Dispatcher(enabled=enabled)
    UsageCounter(shop.name, MemoryStore).count(sell, headers("1.1.0", "web"), events)
    told = {"task": sell.wire_name, "version": "1.1.0", "consumer": "web"}
    assert events.sent == ([("taskcontract-called", told)] if enabled else [])


def test_the_shape_of_each_call_is_counted(shop: Service, sell: Any) -> None:
    store = MemoryStore()
    counting = UsageCounter(shop.name, lambda: store, now=lambda: 7.0)
    counting.count(sell, headers("1.0.0", "web"), args=["pen"], kwargs={})
    counting.count(sell, headers("1.0.0", "web"), args=("pencil",), kwargs={})
    counting.count(sell, headers("1.0.0", "cron"), args=[], kwargs={"item": "pen"})
    counting.count_plain("plain.add", {}, [1, 2], {"note": None}, redelivered=False)
    counting.flush()
    counted = store.read(shop.name)
    assert {(each.key.task, each.key.consumer, each.shape): each.count for each in counted.shapes} == {
        (sell.wire_name, "web", '[["string"],{}]'): 2,
        (sell.wire_name, "cron", '[[],{"item":"string"}]'): 1,
        ("plain.add", "(unknown)", '[["integer","integer"],{"note":"null"}]'): 1,
    }
    assert counted.shapes_since == 7.0


def test_alternatives_are_told_and_what_is_carried_is_not() -> None:
    carrying = Service("carrying", queue="q", carries=(Carried("tenant", str, keyword="tenant"),))

    @carrying.task(version="1.0.0")
    def paint(colour: Literal["red", "blue"]) -> None: ...

    store = MemoryStore()
    counting = UsageCounter("carrying", lambda: store, now=lambda: 7.0)
    counting.count(paint, headers("1.0.0", "web"), args=["red"], kwargs={"tenant": "acme"})
    counting.count(paint, headers("1.0.0", "web"), args=["green"], kwargs={})
    counting.flush()
    assert [each.shape for each in store.read("carrying").shapes] == [
        '[["string"],{}]',
        '[["string:\\"red\\""],{}]',
    ]


def test_a_call_whose_shape_cannot_be_told_is_counted(shop: Service, sell: Any) -> None:
    store = MemoryStore()
    counting = UsageCounter(shop.name, lambda: store, now=lambda: 7.0)
    nothing: Any = None
    counting.count(sell, headers("1.0.0", "web"), args=nothing, kwargs={})
    counting.flush()
    assert [(each.shape, each.count) for each in store.read(shop.name).shapes] == [(OTHER_SHAPE, 1)]


def test_shapes_that_a_store_did_not_take_are_counted_once(shop: Service, sell: Any) -> None:
    store = AwayOnce(BrokerError("away"))
    counting = UsageCounter(shop.name, lambda: store, now=lambda: 7.0)
    for _ in range(2):
        counting.count(sell, headers("1.0.0", "web"), args=["pen"])
        counting.flush()
    counting.stop()
    counted = store.read(shop.name)
    assert [each.count for each in counted.shapes] == [each.count for each in counted.uses] == [2]
