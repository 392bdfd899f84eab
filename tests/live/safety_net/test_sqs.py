"""On SQS, which gives a message again for ever, the net keeps each once; it can be looked at and replayed."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import uuid4

import pytest
from celery import Celery, chain

from taskcontract.brokers import sqs
from taskcontract.brokers.connections import connection_of
from taskcontract.brokers.sqs import count_messages, find_queue
from taskcontract.errors import (
    BrokerError,
    RefusedArgumentsError,
    RefusedContentError,
    RefusedMessageError,
    SunsetError,
    UnknownTaskError,
    UnreadableMessageError,
)
from taskcontract.safety_net.quarantine import Quarantine
from taskcontract.safety_net.quarantine.destinations import demand_consumers
from tests.support.brokers import Room, open_room
from tests.support.closing import close_app
from tests.support.plain_worker import run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

SHOP = """
import os
from datetime import date
from celery import Celery
from taskcontract import Provider, Service
from taskcontract.safety_net import install_safety_net

app = Celery("shop")
app.conf.task_default_queue = os.environ["ROOM"]
# A message that is neither acknowledged nor kept would be here again within a second.
app.conf.broker_transport_options = {
    "wait_time_seconds": 1, "polling_interval": 0.02, "visibility_timeout": 1
}
shop = Service("shop", queue=os.environ["ROOM"])

@shop.task(version="1.0.0", sunset="2026-01-31")
def sell(item: str) -> int: ...

@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int = 1) -> int: ...

provider = Provider(app, shop, today=lambda: date(2026, 2, 1))
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")
provider.implements(sell_v2)(lambda item, count=1: count)
"""

NEWER = """
@app.task(name="sub")
def sub(x, y):
    return x - y
"""

LARGEST = 1024 * 1024
"""Bytes of a message of SQS."""


class Place(NamedTuple):
    """A room, a caller's app there, and the quarantine of its worker."""

    room: Room
    caller: Celery
    quarantine: Quarantine

    def length(self, queue: str = "") -> int | None:
        """About how many messages there are in `queue`, or in that of the workers."""
        with connection_of(self.caller) as connection:
            return count_messages(connection.default_channel, queue or self.room.name)

    def put(self, *texts: str) -> None:
        """Put `texts` into the workers' queue as anybody with a key can."""
        with connection_of(self.caller) as connection:
            channel = connection.default_channel
            for text in texts:
                channel.sqs().send_message(QueueUrl=find_queue(channel, self.room.name), MessageBody=text)

    def wait_until_settled(self) -> None:
        """Wait until the workers' queue has no message, neither waiting nor held by a worker."""
        wait_until(lambda: self.length() == 0, every=0.1)


@pytest.fixture(scope="module", autouse=True)
def _short_looks() -> Iterator[None]:
    """Unlike SQS itself, the look-alike tells of all messages at once: no look need wait for more."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sqs, "LONG_POLL", 0)
        yield


@contextmanager
def open_place() -> Iterator[Place]:
    with open_room("sqs") as room:
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        app.conf.update(task_default_queue=room.name, result_extended=False)
        with Quarantine(app, f"{room.name}.quarantine") as quarantine:
            yield Place(room, app, quarantine)
        close_app(app)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A place with a worker, for tests that leave nothing in its quarantine."""
    with open_place() as place, run_service(tmp_path_factory.mktemp("shop"), place.room, SHOP):
        yield place


@pytest.fixture
def place() -> Iterator[Place]:
    with open_place() as place:
        yield place


def drop_all(place: Place) -> list[str]:
    """Empty the quarantine; the reasons of what was there."""
    kept = place.quarantine.look()
    assert place.length(place.quarantine.name) == len(kept), "each is kept once"
    assert len(place.quarantine.drop(lambda each: True)) == len(kept)
    assert place.quarantine.depth() == 0
    return sorted(each.note.reason for each in kept)


def test_what_cannot_be_served_is_kept_once_and_its_caller_is_told(served: Place) -> None:
    send: Any = served.caller.send_task
    unknown = served.caller.signature("unknown", args=(1,))
    sold = served.caller.signature("shop.sell_v2", args=("pen",))
    refused: list[tuple[Any, type[RefusedMessageError]]] = [
        (send("unknown", (1,)), UnknownTaskError),
        (chain(sold, unknown, sold, app=served.caller).apply_async(), UnknownTaskError),
        (send("shop.sell", ("pen",)), SunsetError),
        (send("shop.sell_v2", ("pen", "three")), RefusedArgumentsError),
        (send("shop.sell_v2", ("pen",), serializer="pickle"), RefusedContentError),
    ]
    with served.caller.producer_or_acquire() as producer:
        for number, (body, headers) in enumerate(
            ((b'[["pen"], {}, {"cut', {}), (b'[["pen"], {}, {}]', {"eta": "yesterday"}))
        ):
            task_id = f"{served.room.name}-{number}"
            producer.publish(
                body,
                routing_key=served.room.name,
                content_type="application/json",
                content_encoding="utf-8",
                headers={"task": "shop.sell_v2", "id": task_id, **headers},
            )
            refused.append((served.caller.AsyncResult(task_id), UnreadableMessageError))
    for result, error in refused:
        with pytest.raises(error):
            result.get(timeout=10)
    served.wait_until_settled()
    assert send("shop.sell_v2", ("pen",), {"count": 3}).get(timeout=10) == 3, "the worker goes on"
    assert drop_all(served) == [
        *("arguments", "content-type", "sunset", "unknown-task", "unknown-task", "unreadable", "unreadable")
    ]


def as_kombu(value: object) -> str:
    text = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.b64encode(text).decode()


DELIVERY: dict[str, Any] = {"delivery_info": {}}
TEXTS = {
    "a word": "hello",
    "a number": "5",
    "cut off": '{"a": 1',
    "deep": "[" * 5000,
    "nothing": "null",
    "no properties": json.dumps({"properties": None}),
    "no text in Base64": as_kombu(b"\xff\xfe\x00"),
    "a list": as_kombu([1, 2]),
    "an empty object": as_kombu({}),
    "a number for properties": as_kombu({"properties": 5}),
    "a number for where it came from": as_kombu({"properties": {"delivery_info": 3}}),
    "a list for the queue": as_kombu({"properties": {"delivery_info": {"routing_key": ["x"]}}, "body": "x"}),
    "a number for the body": as_kombu({"properties": DELIVERY, "body": 5}),
    "an unknown encoding": as_kombu({"properties": {**DELIVERY, "body_encoding": "rot13"}, "body": "x"}),
    "broken Base64 in it": as_kombu({"properties": {**DELIVERY, "body_encoding": "base64"}, "body": "%%"}),
    "a list for headers": as_kombu({"properties": DELIVERY, "headers": [1], "body": "x"}),
}


def test_a_text_that_is_no_message_ends_no_worker(served: Place) -> None:
    served.put(*TEXTS.values())
    assert served.caller.send_task("shop.sell_v2", ("pen",)).get(timeout=10) == 1
    served.wait_until_settled()
    kept = served.quarantine.look()
    assert {each.note.queue for each in kept} == {served.room.name}
    assert any(each.body == b"hello" for each in kept)
    assert len(drop_all(served)) == len(TEXTS)


def test_the_largest_message_is_kept_whole(served: Place) -> None:
    """A note would not fit beside it as kombu sends it."""
    body = json.dumps([["x" * 589_000], {}, {}])
    fields = {"task": "unknown", "id": str(uuid4()), "lang": "py"}
    message: dict[str, Any] = {
        "body": base64.b64encode(body.encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": fields,
        "properties": {
            "body_encoding": "base64",
            "delivery_info": {"exchange": "", "routing_key": served.room.name},
            "delivery_tag": "",
        },
    }
    message["properties"]["reply_to"] = "x" * (LARGEST * 3 // 4 - len(json.dumps(message)) - 20)
    text = as_kombu(message)
    assert LARGEST - 40 <= len(text) <= LARGEST
    served.put(text, "y" * LARGEST)
    wait_until(lambda: served.quarantine.depth() == 2, every=0.1)
    whole, packed = sorted(served.quarantine.look(), key=lambda each: each.task, reverse=True)
    assert (whole.id, whole.body, whole.note.cut) == (fields["id"], body.encode(), "")
    assert (packed.text, packed.note.cut) == ("y" * LARGEST, "")
    served.wait_until_settled()
    drop_all(served)


def test_looking_takes_nothing_away(served: Place) -> None:
    results = [served.caller.send_task(name, (1,)) for name in ("one", "two", "one")]
    for result in results:
        with pytest.raises(UnknownTaskError):
            result.get(timeout=10)
    for _ in range(2):
        assert [each.task for each in served.quarantine.look()] == ["one", "two", "one"]
    assert results[1].id in {each.id for each in served.quarantine.look([results[1].id])}
    assert len(served.quarantine.drop(lambda each: each.task == "one")) == 2
    assert [each.arguments for each in served.quarantine.look()] == ["(1,)"]
    assert drop_all(served) == ["unknown-task"]


def test_a_look_makes_no_queue_and_a_replay_none_either(place: Place) -> None:
    assert place.quarantine.look() == []
    assert place.quarantine.depth() == 0
    assert place.quarantine.replay(lambda each: True) == ([], [])
    assert place.length(place.quarantine.name) is None
    with pytest.raises(BrokerError, match="the broker has no queue"):
        demand_consumers(place.caller, [place.room.name])
    assert place.length() is None


def seconds_kept(place: Place, queue: str) -> int:
    with connection_of(place.caller) as connection:
        channel = connection.default_channel
        told = channel.sqs().get_queue_attributes(
            QueueUrl=find_queue(channel, queue), AttributeNames=["MessageRetentionPeriod"]
        )
    return int(told["Attributes"]["MessageRetentionPeriod"])


def test_a_replayed_message_is_served_once(place: Place, tmp_path: Path) -> None:
    with run_service(tmp_path, place.room, SHOP):
        result = place.caller.send_task("sub", (7, 2))
        with pytest.raises(UnknownTaskError):
            result.get(timeout=10)
        assert [each.id for each in place.quarantine.look()] == [result.id]
        assert seconds_kept(place, place.quarantine.name) == 14 * 24 * 3600, "as long as SQS can"
        to_itself = place.quarantine.name.replace(".", "-")
        with pytest.raises(BrokerError, match="is the quarantine itself"):
            place.quarantine.replay(lambda each: True, to_itself)
        with pytest.raises(BrokerError, match="the broker has no queue"):
            place.quarantine.replay(lambda each: True, f"{place.room.name}-mistyped")
        place.wait_until_settled()
    with run_service(tmp_path, place.room, SHOP + NEWER, name="newer"):
        demand_consumers(place.caller, [place.room.name])
        assert [each.id for each in place.quarantine.replay(lambda each: True).sent] == [result.id]
        wait_until(lambda: place.caller.AsyncResult(result.id).successful())
        assert place.quarantine.replay(lambda each: True) == ([], [])
        place.wait_until_settled()
