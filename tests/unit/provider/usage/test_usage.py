"""Uses are counted by version and consumer, and every store keeps them alike."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from celery import Celery
from celery.signals import task_received

from taskcontract import Service
from taskcontract.errors import BrokerError
from taskcontract.provider.usage import MemoryStore, UsageCounter, UsageStore, Use, UseKey, store_for
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
    assert store.read(SHOP) == [Use(B, 1, 90.0), Use(A, 5, 110.0)]
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


def counter(store: UsageStore) -> UsageCounter:
    service = Service(f"shop-{uuid4().hex}")
    return UsageCounter(Celery(set_as_current=False), service, lambda: store, now=lambda: 7.0)


def test_what_a_store_did_not_take_is_kept_for_the_next_flush() -> None:
    store = AwayOnce()
    counting = counter(store)
    counting.count("shop.sell", "1.0.0", "web")
    counting.flush()
    counting.count("shop.sell", "1.0.0", "web")
    counting.count("shop.sell", "1.0.0", "")
    counting.flush()
    uses = {use.key.consumer: (use.count, use.last_seen) for use in store.read(counting.service.name)}
    assert uses == {"web": (2, 7.0), "(unknown)": (1, 7.0)}


def test_prometheus_gets_the_same_counts() -> None:
    prometheus = pytest.importorskip("prometheus_client", reason="prometheus_client is not installed")
    counting = counter(MemoryStore())
    counting.count("shop.sell", "1.0.0", "web")
    counting.count("shop.sell", "1.0.0", "web")
    labels = {
        "service": counting.service.name,
        "task": "shop.sell",
        "version": "1.0.0",
        "consumer": "web",
    }
    assert prometheus.REGISTRY.get_sample_value(f"{METRIC}_total", labels) == 2


class Dispatcher:
    """Keeps the events that it is given."""

    enabled = True

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def send(self, kind: str, **fields: Any) -> None:
        self.sent.append((kind, fields))


class Consumer:
    """The sender of Celery's signal; signals look senders up by their hash."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self.event_dispatcher = Dispatcher()


def test_a_received_call_is_counted_and_told_as_an_event() -> None:
    store, service = MemoryStore(), Service(f"shop-{uuid4().hex}")

    @service.task(version="1.2.0")
    def sell(item: str) -> None: ...

    app = Celery(set_as_current=False)
    counting = UsageCounter(app, service, lambda: store, now=lambda: 7.0)
    consumer = Consumer(app)
    for headers in ({"taskcontract": {"version": "1.1.0", "consumer": "web"}}, {}):
        task_received.send(
            sender=consumer, request=SimpleNamespace(name=sell.wire_name, request_dict=headers)
        )
    task_received.send(sender=consumer, request=SimpleNamespace(name="another.task", request_dict={}))
    counting.flush()
    counted = {(use.key.version, use.key.consumer): use.count for use in store.read(service.name)}
    assert counted == {("1.1.0", "web"): 1, ("1.2.0", "(unknown)"): 1}
    assert [kind for kind, _ in consumer.event_dispatcher.sent] == ["taskcontract-called"] * 2
    assert consumer.event_dispatcher.sent[0][1] == {
        "task": sell.wire_name,
        "version": "1.1.0",
        "consumer": "web",
    }
