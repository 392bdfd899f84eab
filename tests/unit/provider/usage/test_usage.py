"""Uses are counted by version and consumer, and every store keeps them alike."""

from __future__ import annotations

import threading
import time
from datetime import date
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from celery import Celery

from taskcontract import Provider, Service
from taskcontract.errors import BrokerError, SunsetError
from taskcontract.provider.safety_net.gate import Gate
from taskcontract.provider.usage import MemoryStore, UsageCounter, UsageStore, Use, UseKey, store_for
from taskcontract.provider.usage import counter as counter_module
from taskcontract.provider.usage.metrics import METRIC
from taskcontract.provider.usage.store import FileStore, RedisStore
from tests.support.services import REDIS_URL, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOP, BAKERY = (f"taskcontract-test-{name}-{uuid4().hex}" for name in ("shop", "bakery"))
A = UseKey(SHOP, "shop.sell", "1.0.0", "web")
B = UseKey(SHOP, "shop.sell", "1.0.0", "app|\N{SNOWMAN}")
OTHER = UseKey(BAKERY, "bakery.bake", "1.0.0", "web")


@pytest.fixture(params=["memory", "file", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "file":
        yield FileStore(tmp_path / "a folder" / "usage.sqlite")
    else:
        require(REDIS_URL)
        import redis

        yield RedisStore(REDIS_URL)
        client = redis.Redis.from_url(REDIS_URL)
        for service in (SHOP, BAKERY):
            client.delete(f"taskcontract:usage:{service}:count", f"taskcontract:usage:{service}:seen")
        client.close()


def test_counts_add_up_and_the_latest_time_stays(store: UsageStore) -> None:
    assert store.read(SHOP) == []
    store.add([Use(A, 2, 100.0), Use(B, 1, 90.0), Use(OTHER, 9, 1.0)])
    store.add([Use(A, 3, 110.0)])
    store.add([Use(A, 1, 105.0)])
    assert store.read(SHOP) == [Use(B, 1, 90.0), Use(A, 6, 110.0)], "the latest time stays"
    assert store.read(BAKERY) == [Use(OTHER, 9, 1.0)]


def test_workers_may_add_at_once(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite"

    def add() -> None:
        for _ in range(20):
            FileStore(path).add([Use(A, 1, 1.0)])

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert FileStore(path).read(SHOP) == [Use(A, 80, 1.0)]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokerError, match="usage counts cannot be kept") as caught:
        FileStore(tmp_path / "file" / "usage.sqlite").add([Use(A, 1, 1.0)])
    assert "TASKCONTRACT_USAGE" in caught.value.do


@pytest.mark.parametrize(
    ("broker", "variable", "kind"),
    [
        ("redis://h/0", None, RedisStore),
        ("amqp://h//", None, FileStore),
        ("redis://h/0", "/x/y.sqlite", FileStore),
        ("redis://h/0", "off", MemoryStore),
    ],
)
def test_the_store_fits_the_app(
    monkeypatch: pytest.MonkeyPatch, broker: str, variable: str | None, kind: type[object]
) -> None:
    monkeypatch.delenv("TASKCONTRACT_USAGE", raising=False)
    if variable:
        monkeypatch.setenv("TASKCONTRACT_USAGE", variable)
    assert isinstance(store_for(Celery(broker=broker, set_as_current=False)), kind)


class AwayOnce(MemoryStore):
    """A store that is away at its first use."""

    away = True

    def add(self, uses: Any) -> None:
        if self.away:
            self.away = False
            raise BrokerError("away")
        super().add(uses)


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
    counting = UsageCounter(shop, lambda: store, now=lambda: 7.0)
    for each in (headers("1.1.0", "web"), headers("1.1.0", "web"), {}, {"taskcontract": "?"}, None):
        counting.count(sell, each)
    counting.flush()
    counted = {
        (use.key.version, use.key.consumer): (use.count, use.last_seen) for use in store.read(shop.name)
    }
    assert counted == {("1.1.0", "web"): (2, 7.0), ("1.2.0", "(unknown)"): (3, 7.0)}


def test_what_a_store_did_not_take_is_kept_for_the_next_flush(shop: Service, sell: Any) -> None:
    store = AwayOnce()
    counting = UsageCounter(shop, lambda: store, now=iter([9.0, 7.0, 8.0]).__next__)
    counting.count(sell, headers("1.0.0", "web"))
    counting.flush()
    counting.count(sell, headers("1.0.0", "web"))
    counting.count(sell, {})
    counting.flush()
    uses = {use.key.consumer: (use.count, use.last_seen) for use in store.read(shop.name)}
    assert uses == {"web": (2, 9.0), "(unknown)": (1, 8.0)}


def test_a_count_is_written_soon_though_nothing_follows(
    shop: Service, sell: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter_module, "FLUSH_AFTER", 0.01)
    store = MemoryStore()
    counting = UsageCounter(shop, lambda: store)
    for consumer in ("web", "cron"):
        counting.count(sell, headers("1.0.0", consumer))
        deadline = time.monotonic() + 10
        while consumer not in {use.key.consumer for use in store.read(shop.name)}:
            assert time.monotonic() < deadline
            time.sleep(0.005)


def test_prometheus_gets_the_same_counts(shop: Service, sell: Any) -> None:
    prometheus = pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")
    counting = UsageCounter(shop, MemoryStore)
    counting.count(sell, headers("1.0.0", "web"))
    counting.count(sell, headers("1.0.0", "web"))
    labels = {"service": shop.name, "task": sell.wire_name, "version": "1.0.0", "consumer": "web"}
    assert prometheus.REGISTRY.get_sample_value(f"{METRIC}_total", labels) == 2


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
    UsageCounter(shop, MemoryStore).count(sell, headers("1.1.0", "web"), events)
    told = {"task": sell.wire_name, "version": "1.1.0", "consumer": "web"}
    assert events.sent == ([("taskcontract-called", told)] if enabled else [])


def test_a_refused_call_is_counted_too(shop: Service) -> None:
    """Who is refused in a brown-out still calls, and would miss the version."""

    @shop.task(version="1.0.0", sunset="2026-02-28")
    def sell(item: str) -> None: ...

    app = Celery(set_as_current=False)
    provider = Provider(app, shop, today=lambda: date(2026, 2, 1))
    provider.brown_out(sell, 1.0)
    gate = Gate(app)
    message = SimpleNamespace(headers={"task": sell.wire_name, "id": "1", **headers("1.0.0", "web")})
    assert isinstance(gate.let_through(message, None), SunsetError)
    another = SimpleNamespace(headers={"task": "another.task", "id": "2"})
    assert gate.let_through(another, None) is None
    store = MemoryStore()
    provider.usage._make_store = lambda: store
    provider.usage.flush()
    assert [(use.key.consumer, use.count) for use in store.read(shop.name)] == [("web", 1)]
