"""A message is taken from Redis and noted as unacknowledged in one step, and Kombu's ways stay the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
import redis
from kombu import Connection, Queue

from taskcontract.celery_compat.redis_claims import PASSING, ClaimingTransport, claim_in_one_step
from tests.support.own_redis import open_redis
from tests.support.services import REDIS_URL, require
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

PREFIX = f"taskcontract-test-{uuid4().hex[:10]}-"


@pytest.fixture
def client() -> Iterator[Any]:
    client: Any = redis.Redis.from_url(require(REDIS_URL), decode_responses=True)
    yield client
    keys = list(client.scan_iter(f"*{PREFIX}*"))
    if keys:
        client.delete(*keys)
    client.close()


@pytest.fixture
def connection(client: Any) -> Iterator[Any]:
    with Connection(REDIS_URL, transport_options={"global_keyprefix": PREFIX}) as connection:
        claim_in_one_step(connection)
        yield connection


def consume(connection: Any, count: int, *queues: str, **options: Any) -> list[Any]:
    taken: list[Any] = []
    declared = [Queue(name, routing_key=name) for name in queues]
    with connection.Consumer(declared, on_message=taken.append, accept=["json"], **options) as consumer:
        consumer.qos(prefetch_count=count)
        while len(taken) < count:
            connection.drain_events(timeout=3)
    return taken


def publish(connection: Any, queue: str, *bodies: str, **options: Any) -> None:
    with connection.Producer() as producer:
        for body in bodies:
            producer.publish(
                body,
                routing_key=queue,
                declare=[Queue(queue, routing_key=queue)],
                serializer="json",
                **options,
            )


def test_what_is_popped_is_noted_by_redis_itself(connection: Any, client: Any) -> None:
    publish(connection, "a", "one")
    channel = connection.default_channel
    channel.basic_consume("a", no_ack=False, callback=lambda message: None, consumer_tag="a")
    connection.transport.cycle.on_poll_start()
    wait_until(lambda: not client.llen(f"{PREFIX}a"))
    # Nothing of the answer was read: a worker that is killed here loses nothing.
    (tag,) = client.zrange(f"{PREFIX}unacked_index", 0, -1)
    message, exchange, routing_key = json.loads(client.hget(f"{PREFIX}unacked", tag))
    assert (exchange, routing_key) == ("", "a")
    assert message["properties"]["delivery_tag"] == tag
    channel.qos.restore_by_tag(tag)
    assert client.llen(f"{PREFIX}a") == 1
    assert not client.exists(f"{PREFIX}unacked", f"{PREFIX}unacked_index")


def test_acknowledged_messages_leave_no_note(connection: Any, client: Any) -> None:
    publish(connection, "a", "one", "two", "three")
    taken = consume(connection, 3, "a")
    assert [message.payload for message in taken] == ["one", "two", "three"]
    assert client.hlen(f"{PREFIX}unacked") == 3
    for message in taken:
        message.ack()
    assert not client.exists(f"{PREFIX}unacked", f"{PREFIX}unacked_index", f"{PREFIX}a")


def test_queues_and_priorities_are_kept(connection: Any) -> None:
    publish(connection, "a", "late", priority=9)
    publish(connection, "a", "soon", priority=0)
    publish(connection, "b", "other")
    taken = consume(connection, 3, "a", "b")
    assert sorted(message.payload for message in taken) == ["late", "other", "soon"]
    bodies = [message.payload for message in taken]
    assert bodies.index("soon") < bodies.index("late")
    for message in taken:
        message.ack()


def test_what_needs_no_acknowledgement_is_not_noted(connection: Any, client: Any) -> None:
    publish(connection, "a", "one")
    assert [message.payload for message in consume(connection, 1, "a", no_ack=True)] == ["one"]
    assert not client.exists(f"{PREFIX}unacked")


def test_an_idle_consumer_times_out_and_goes_on(connection: Any) -> None:
    with connection.Consumer([Queue("a", routing_key="a")], on_message=lambda message: message.ack()):
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=0.5)
        publish(connection, "a", "one")
        connection.drain_events(timeout=3)


def test_the_url_is_printed_as_ever(connection: Any) -> None:
    assert connection.as_uri().startswith("redis://")


ENDINGS = {
    "nested beyond what Python reads": '{"body": "W10=", "headers": {"at": %s}, '
    '"properties": {"priority": 0}}' % ("[" * 100_000 + "]" * 100_000),
    "a value that kombu cannot make": '{"body": "W10=", "headers": {"at": {"__type__": "decimal", '
    '"__value__": "ten"}}, "properties": {"priority": 0}}',
}


@pytest.mark.parametrize("item", ENDINGS.values(), ids=ENDINGS)
def test_what_cannot_be_read_is_given_back_as_the_text_of_a_message(
    connection: Any, client: Any, item: str
) -> None:
    publish(connection, "a", "one")  # so that the queue is known
    client.hset(f"{PREFIX}unacked", "t", f'[{item}, "", "a"]')
    client.zadd(f"{PREFIX}unacked_index", {"t": 0})
    connection.default_channel.qos.restore_visible()
    assert not client.exists(f"{PREFIX}unacked", f"{PREFIX}unacked_index")
    taken = {message.body for message in consume(connection, 2, "a")}
    assert item.encode() in taken


def test_a_note_that_is_no_message_ends_nothing(connection: Any, client: Any) -> None:
    client.hset(f"{PREFIX}unacked", "t", "garbage")
    client.zadd(f"{PREFIX}unacked_index", {"t": 0})
    connection.default_channel.qos.restore_visible()
    assert not client.exists(f"{PREFIX}unacked_index")
    assert client.hget(f"{PREFIX}unacked", "t") == "garbage", "an operator may look at it"


def fill(server: Any, folder: Path) -> None:
    server.config_set("maxmemory", 1)


def spoil_saving(server: Any, folder: Path) -> None:
    """Let a snapshot fail: from then on Redis refuses to write ("MISCONF")."""
    (folder / "dump.rdb").mkdir()
    server.config_set("save", "3600 1000000")
    server.bgsave()
    wait_until(lambda: server.info("persistence")["rdb_last_bgsave_status"] == "err")


def make_room(server: Any) -> None:
    server.config_set("maxmemory", 0)
    server.config_set("stop-writes-on-bgsave-error", "no")


@pytest.mark.parametrize("trouble", [fill, spoil_saving])
def test_a_redis_that_takes_no_changes_is_waited_for(trouble: Any, tmp_path: Path) -> None:
    with open_redis(tmp_path) as (url, _), Connection(url) as connection, redis.Redis.from_url(url) as server:
        claim_in_one_step(connection)
        taken: list[Any] = []
        publish(connection, "a", "one")
        with connection.Consumer([Queue("a", routing_key="a")], on_message=taken.append):
            connection.drain_events(timeout=3)
            trouble(server, tmp_path)
            with pytest.raises(TimeoutError):
                connection.drain_events(timeout=0.5)
            make_room(server)
            publish(connection, "a", "two")
            connection.drain_events(timeout=3)
        assert [message.payload for message in taken] == ["one", "two"]


def test_what_waits_is_served_by_a_full_redis_too(tmp_path: Path) -> None:
    with open_redis(tmp_path) as (url, _), Connection(url) as connection, redis.Redis.from_url(url) as server:
        claim_in_one_step(connection)
        taken: list[Any] = []
        publish(connection, "a", "one")
        with connection.Consumer([Queue("a", routing_key="a")], on_message=taken.append):
            fill(server, tmp_path)
            connection.drain_events(timeout=3)
            make_room(server)
        assert [message.payload for message in taken] == ["one"]


@pytest.mark.parametrize(
    ("said", "is_passing"),
    [
        ("MISCONF Redis is configured to save RDB snapshots", True),
        (
            "Error running script (call to f_1): @user_script:9: @user_script: 9: -OOM command not allowed",
            True,
        ),
        ("READONLY You can't write against a read only replica.", True),
        ("WRONGTYPE Operation against a key holding the wrong kind of value", False),
        ("unknown command 'BUSY'", False),
    ],
)
def test_what_redis_says_of_a_trouble_that_passes(said: str, is_passing: bool) -> None:
    assert bool(PASSING.search(said)) is is_passing


def test_a_server_that_is_turned_to_is_claimed_from_in_one_step_too(tmp_path: Path) -> None:
    with open_redis(tmp_path) as (url, _), Connection(f"redis://127.0.0.1:1/0;{url}") as connection:
        claim_in_one_step(connection)
        transport: object = connection.transport_cls
        assert transport is ClaimingTransport
        connection.ensure_connection(max_retries=3, interval_start=0, interval_step=0)
        assert url.startswith(f"redis://127.0.0.1:{connection.port}/")
        assert isinstance(connection.transport, ClaimingTransport)
        publish(connection, "a", "one")
        assert [message.payload for message in consume(connection, 1, "a")] == ["one"]
