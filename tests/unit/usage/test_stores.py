"""Every store keeps uses alike, and says what is wrong with what it finds."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from celery import Celery

from taskcontract.errors import BrokerError, ConfigError
from taskcontract.usage import (
    Counted,
    MemoryStore,
    ShapeUse,
    UsageStore,
    Use,
    UseKey,
    bounds,
    redis_store,
    store_for,
)
from taskcontract.usage.call_shape import BEFORE, OTHER_SHAPE, tell_shape
from taskcontract.usage.file_store import FileStore
from taskcontract.usage.redis_store import RedisStore
from taskcontract.usage.store import NoStore
from tests.support.services import REDIS_URL, require

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHOP, BAKERY = (f"taskcontract-test-{name}-{uuid4().hex}" for name in ("shop", "bakery"))
A = UseKey(SHOP, "shop.sell", "1.0.0", "web")
B = UseKey(SHOP, "shop.sell", "1.0.0", "app|\N{SNOWMAN}")
OTHER = UseKey(BAKERY, "bakery.bake", "1.0.0", "web")

ONE, TWO = tell_shape((1,), {}), tell_shape(("",), {"meta": {}})
OLDER = """
CREATE TABLE uses (service TEXT, task TEXT, version TEXT, consumer TEXT,
  count INTEGER, last_seen REAL, PRIMARY KEY (service, task, version, consumer));
CREATE TABLE starts (service TEXT PRIMARY KEY, since REAL);
"""
"""What a release that told no shapes wrote."""

KEYS = (*redis_store.PARTS, "since", "shapes-since")


@pytest.fixture(params=["memory", "file", pytest.param("redis", marks=pytest.mark.process)])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "file":
        yield FileStore(tmp_path / "a folder" / "usage.sqlite")
    else:
        require(REDIS_URL)
        import redis

        monkeypatch.delenv("TASKCONTRACT_USAGE", raising=False)
        yield store_for(Celery(broker=REDIS_URL, set_as_current=False))
        client = redis.Redis.from_url(REDIS_URL)
        for service in (SHOP, BAKERY):
            client.delete(*(f"taskcontract:usage:{service}:{what}" for what in KEYS))
        client.srem(redis_store.SERVICES, SHOP, BAKERY)
        client.close()


def test_counts_add_up_and_the_latest_time_stays(store: UsageStore) -> None:
    assert store.read(SHOP) == Counted()
    store.add(SHOP, [Use(A, 2, 100.0), Use(B, 1, 90.0)], 80.5)
    store.add(BAKERY, [Use(OTHER, 9, 1.0)], 1.0)
    store.add(SHOP, [Use(A, 3, 110.0)], 70.25)
    store.add(SHOP, [Use(A, 1, 105.0)], 75.0)
    assert store.read(SHOP) == Counted((Use(B, 1, 90.0), Use(A, 6, 110.0)), 70.25), "the latest time stays"
    assert store.read(BAKERY) == Counted((Use(OTHER, 9, 1.0),), 1.0)


def test_a_service_without_calls_is_counted_too(store: UsageStore) -> None:
    store.add(SHOP, [], 80.0)
    assert store.read(SHOP) == Counted((), 80.0)
    assert store.read(BAKERY) == Counted()


def test_callers_beyond_the_bound_are_others_and_old_rows_go(
    store: UsageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(store, MemoryStore):
        return  # it lives as long as its process
    for module in (bounds, redis_store):
        monkeypatch.setattr(module, "MOST_ROWS", 3, raising=False)
    liars = [Use(A._replace(consumer=f"liar {number}"), 1, 100.0) for number in range(5)]
    store.add(SHOP, [Use(A, 1, 100.0)], 80.0)
    store.add(SHOP, liars, 100.0)
    store.add(SHOP, [*liars, Use(A, 1, 101.0)], 101.0)
    counted = {use.key.consumer: use.count for use in store.read(SHOP).uses}
    assert counted == {"web": 2, "liar 0": 2, "liar 1": 2, "(other)": 6}
    later = 102.0 + bounds.KEPT_SECONDS
    store.add(SHOP, [Use(B, 1, later)], later)
    assert store.read(SHOP) == Counted((Use(B, 1, later),), 80.0)


def test_shapes_add_up_beside_the_counts(store: UsageStore) -> None:
    store.add(SHOP, [Use(A, 3, 100.0)], 80.0, [ShapeUse(A, ONE, 2, 100.0), ShapeUse(A, TWO, 1, 90.0)])
    store.add(
        SHOP, [Use(A, 1, 95.0), Use(B, 1, 95.0)], 85.0, [ShapeUse(A, ONE, 1, 95.0), ShapeUse(B, TWO, 1, 95.0)]
    )
    store.add(BAKERY, [], 5.0, [])
    counted = store.read(SHOP)
    assert set(counted.shapes) == {
        ShapeUse(A, ONE, 3, 100.0),
        ShapeUse(A, TWO, 1, 90.0),
        ShapeUse(B, TWO, 1, 95.0),
    }
    assert (counted.since, counted.shapes_since) == (80.0, 80.0)
    assert store.read(BAKERY) == Counted((), 5.0, (), 5.0)
    assert {SHOP, BAKERY} <= set(store.services())


def test_what_was_counted_before_shapes_is_kept_apart(store: UsageStore) -> None:
    store.add(SHOP, [Use(A, 7, 50.0)], 10.0)
    assert store.read(SHOP) == Counted((Use(A, 7, 50.0),), 10.0), "an older release tells no shapes"
    assert SHOP not in store.services()
    store.add(SHOP, [Use(A, 1, 100.0)], 90.0, [ShapeUse(A, ONE, 1, 100.0)])
    store.add(
        SHOP,
        [Use(A, 2, 101.0), Use(B, 1, 101.0)],
        91.0,
        [ShapeUse(A, TWO, 2, 101.0), ShapeUse(B, ONE, 1, 101.0)],
    )
    counted = store.read(SHOP)
    shapes = {(each.key, each.shape): (each.count, each.last_seen) for each in counted.shapes}
    assert shapes == {
        (A, BEFORE): (7, 50.0),
        (A, ONE): (1, 100.0),
        (A, TWO): (2, 101.0),
        (B, ONE): (1, 101.0),
    }
    assert (counted.since, counted.shapes_since) == (10.0, 90.0)
    store.add(SHOP, [Use(A, 5, 102.0)], 92.0)  # by an older release, meanwhile
    counted = store.read(SHOP)
    told = sum(each.count for each in counted.shapes if each.key == A)
    (use,) = (use for use in counted.uses if use.key == A)
    assert use.count - told == 5


def test_a_caller_cannot_make_a_store_grow_by_its_shapes(
    store: UsageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    if isinstance(store, MemoryStore):
        return  # it lives as long as its process
    for module in (bounds, redis_store):
        monkeypatch.setattr(module, "MOST_SHAPES_OF_CALLER", 3)
        monkeypatch.setattr(module, "MOST_SHAPE_ROWS", 5)
    texts = [tell_shape((), {f"n{number}": 1}) for number in range(6)]
    for now in (100.0, 101.0):
        for key in (A, B):
            store.add(SHOP, [Use(key, 6, now)], 80.0, [ShapeUse(key, text, 1, now) for text in texts])
    counted = store.read(SHOP)
    for key, apart in ((A, 3), (B, 1)):
        shapes = {each.shape: each.count for each in counted.shapes if each.key == key}
        assert sum(shapes.values()) == 12, "none is lost"
        assert shapes.pop(OTHER_SHAPE) == 2 * (6 - apart)
        assert set(shapes.values()) == {2}
        assert len(shapes) == apart


def test_shapes_go_with_their_callers(store: UsageStore) -> None:
    if isinstance(store, MemoryStore):
        return  # it lives as long as its process
    store.add(SHOP, [Use(A, 1, 100.0)], 80.0, [ShapeUse(A, ONE, 1, 100.0)])
    later = 102.0 + bounds.KEPT_SECONDS
    store.add(SHOP, [], later, [])
    assert store.read(SHOP) == Counted((), 80.0, (), 80.0)
    store.add(SHOP, [Use(A, 1, later)], later, [ShapeUse(A, TWO, 1, later)])
    assert store.read(SHOP) == Counted((Use(A, 1, later),), 80.0, (ShapeUse(A, TWO, 1, later),), 80.0)


def test_a_file_of_an_older_release_is_read_and_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(OLDER)
        connection.execute("INSERT INTO uses VALUES (?, ?, ?, ?, 3, 50.0)", A)
        connection.execute("INSERT INTO starts VALUES (?, 10.0)", (SHOP,))
    store = FileStore(path)
    assert store.read(SHOP) == Counted((Use(A, 3, 50.0),), 10.0)
    store.add(SHOP, [Use(A, 1, 60.0)], 55.0, [ShapeUse(A, ONE, 1, 60.0)])
    assert store.read(SHOP) == Counted(
        (Use(A, 4, 60.0),), 10.0, (ShapeUse(A, BEFORE, 3, 50.0), ShapeUse(A, ONE, 1, 60.0)), 55.0
    )


def test_workers_may_add_at_once(tmp_path: Path) -> None:
    path = tmp_path / "usage.sqlite"

    def add() -> None:
        for _ in range(20):
            FileStore(path).add(SHOP, [Use(A, 1, 1.0)], 1.0)

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert FileStore(path).read(SHOP).uses == (Use(A, 80, 1.0),)


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "usage.sqlite").write_text("no database at all " * 100)
    with pytest.raises(BrokerError, match="not a database") as caught:
        FileStore(tmp_path / "usage.sqlite").read(SHOP)
    assert caught.value.do.startswith("Move this file away")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BrokerError, match="usage counts cannot be kept") as caught:
        FileStore(tmp_path / "file" / "usage.sqlite").add(SHOP, [Use(A, 1, 1.0)], 1.0)
    assert "TASKCONTRACT_USAGE" in caught.value.do


def test_a_file_with_other_shapes_is_named(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "usage.sqlite")
    store.add(SHOP, [], 1.0)
    with closing(sqlite3.connect(tmp_path / "usage.sqlite")) as connection, connection:
        connection.execute("INSERT INTO shapes VALUES (?, ?, ?, ?, '[]', 1, 1.0)", A)
    with pytest.raises(BrokerError, match=r"usage counts cannot be read: .* is not the shape of a call"):
        store.read(SHOP)


@pytest.mark.parametrize(
    "garbage", [(None, None, None, None), ("1.0.0", None, 1, 1.0), ("1.0.0", "web", "many", 1.0)]
)
def test_a_file_that_holds_something_else_is_named(tmp_path: Path, garbage: tuple[Any, ...]) -> None:
    store = FileStore(tmp_path / "usage.sqlite")
    store.add(SHOP, [], 1.0)
    with closing(sqlite3.connect(tmp_path / "usage.sqlite")) as connection, connection:
        connection.execute("INSERT INTO uses VALUES (?, 'shop.sell', ?, ?, ?, ?)", (SHOP, *garbage))
    with pytest.raises(BrokerError, match="usage counts cannot be read") as caught:
        store.read(SHOP)
    assert caught.value.where == str(tmp_path / "usage.sqlite")


GARBAGE: dict[str, tuple[str, Any, str]] = {
    "no field of ours": ("count", {"{": "1"}, "cannot be read"),
    "other fields": ("count", {"[1]": "1"}, "cannot be read"),
    "no text": ("count", {b"\xff": "1"}, "cannot be read"),
    "no number": ("count", {json.dumps(A[1:]): "many"}, "cannot be read"),
    "no time": ("since", "yesterday", "cannot be read"),
    "no hash": ("count", "x", "cannot be used"),
    "no shape": ("shape-count", {json.dumps([*A[1:], "?"]): "1"}, "cannot be read"),
    "a shape of nobody": ("shape-count", {json.dumps(["x"]): "1"}, "cannot be read"),
    "no earlier count": ("shape-before", {json.dumps(A[1:]): "many"}, "cannot be read"),
}


@pytest.mark.process
@pytest.mark.parametrize(("what", "value", "said"), GARBAGE.values(), ids=GARBAGE)
def test_a_redis_that_holds_something_else_is_one_clear_error(
    monkeypatch: pytest.MonkeyPatch, what: str, value: Any, said: str
) -> None:
    import redis

    monkeypatch.delenv("TASKCONTRACT_USAGE", raising=False)
    key = f"taskcontract:usage:{SHOP}:{what}"
    with redis.Redis.from_url(require(REDIS_URL)) as client:
        if isinstance(value, dict):
            client.hset(key, mapping=value)
        else:
            client.set(key, value)
        try:
            with pytest.raises(BrokerError, match=said) as caught:
                store_for(Celery(broker=REDIS_URL, set_as_current=False)).read(SHOP)
            assert "Start" not in caught.value.do
        finally:
            client.delete(key)


@pytest.mark.parametrize(
    ("broker", "backend", "variable", "kind"),
    [
        ("redis://h/0", None, None, RedisStore),
        ("redis://h/0;redis://i/0", None, None, RedisStore),
        ("rediss://h/0?ssl_cert_reqs=CERT_NONE", None, None, RedisStore),
        ("amqp://h//", "redis://h/0", None, RedisStore),
        ("amqp://h//", "cache+memory://", None, FileStore),
        ("amqp://h//", None, None, FileStore),
        ("redis://h/0", None, "/x/y.sqlite", FileStore),
        ("redis://h/0", None, "off", NoStore),
    ],
)
def test_the_store_fits_the_app(
    monkeypatch: pytest.MonkeyPatch,
    broker: str,
    backend: str | None,
    variable: str | None,
    kind: type[object],
) -> None:
    monkeypatch.delenv("TASKCONTRACT_USAGE", raising=False)
    if variable:
        monkeypatch.setenv("TASKCONTRACT_USAGE", variable)
    assert isinstance(store_for(Celery(broker=broker, backend=backend, set_as_current=False)), kind)


def test_a_file_may_be_in_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("TASKCONTRACT_USAGE", "~/usage.sqlite")
    assert store_for(Celery(set_as_current=False)).place == str(tmp_path / "usage.sqlite")


AWAY = "redis://127.0.0.1:1/0"


@pytest.mark.parametrize(
    ("broker", "backend", "prefix"),
    [
        (f"{AWAY};{REDIS_URL}", None, {}),
        ("memory://", REDIS_URL, {}),
        (REDIS_URL, None, {"broker_transport_options": {"global_keyprefix": SHOP}}),
        ("memory://", REDIS_URL, {"result_backend_transport_options": {"global_keyprefix": SHOP}}),
    ],
)
@pytest.mark.process
def test_a_redis_is_reached_as_the_app_reaches_it(
    monkeypatch: pytest.MonkeyPatch, broker: str, backend: str | None, prefix: dict[str, Any]
) -> None:
    import redis

    require(REDIS_URL)
    monkeypatch.delenv("TASKCONTRACT_USAGE", raising=False)
    app = Celery(broker=broker, backend=backend, set_as_current=False)
    app.conf.update(prefix)
    store_for(app).add(SHOP, [Use(A, 1, 100.0)], 80.0)
    kept = store_for(app).read(SHOP)
    key = f"{SHOP if prefix else ''}taskcontract:usage:{SHOP}"
    with redis.Redis.from_url(REDIS_URL) as client:
        removed = client.delete(*(f"{key}:{what}" for what in ("count", "seen", "since")))
    assert kept == Counted((Use(A, 1, 100.0),), 80.0)
    assert removed == 3


@pytest.mark.parametrize("named", [None, "~nobody-of-this-name/usage.sqlite"])
def test_without_a_home_it_is_said_how_to_name_a_file(
    monkeypatch: pytest.MonkeyPatch, named: str | None
) -> None:
    monkeypatch.delenv("HOME", raising=False)
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr("pwd.getpwuid", lambda _: (_ for _ in ()).throw(KeyError("no such user")))
    if named is None:
        monkeypatch.delenv("TASKCONTRACT_USAGE", raising=False)
    else:
        monkeypatch.setenv("TASKCONTRACT_USAGE", named)
    app = Celery(broker="memory://", backend="cache+memory://", set_as_current=False)
    with pytest.raises(ConfigError, match="home folder") as refusal:
        store_for(app)
    assert "TASKCONTRACT_USAGE" in refusal.value.do
