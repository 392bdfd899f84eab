"""How much is kept, and since when, on every broker: also where the quarantine lies in parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest

from taskcontract.safety_net.quarantine import Note, Quarantine
from taskcontract.safety_net.quarantine.parts import FIRST
from tests.support.brokers import open_room

if TYPE_CHECKING:
    from celery import Celery

pytestmark = pytest.mark.live

START = datetime(2026, 1, 31, tzinfo=UTC)


def at(index: int) -> datetime:
    return START + timedelta(minutes=index)


def keep(quarantine: Quarantine, index: int) -> None:
    message: Any = SimpleNamespace(
        headers={"task": "sell", "id": str(uuid4())},
        body=b"[]",
        content_type="application/json",
        content_encoding="utf-8",
        properties={},
        errors=[],
    )
    quarantine.keep(message, Note("arguments", at=at(index).isoformat(timespec="microseconds")))


def test_the_oldest_is_found_in_whichever_part_it_is(quarantine: Quarantine) -> None:
    assert quarantine.measure() == (0, None)
    number = FIRST + 20
    for index in range(number):
        keep(quarantine, index)
    assert quarantine.measure() == (number, at(0).timestamp())
    first = max(each.note.at for each in quarantine.look() if quarantine.name in each.places)
    quarantine.drop(lambda kept: kept.note.at <= first)
    (oldest, *_) = left = [each.note.at for each in quarantine.look()]
    assert left
    assert quarantine.measure() == (len(left), datetime.fromisoformat(oldest).timestamp())


def test_what_does_not_say_when_it_was_kept_has_no_age(quarantine: Quarantine, caller: Celery) -> None:
    with caller.producer_or_acquire() as producer:
        producer.publish(
            {}, routing_key=quarantine.name, declare=[caller.amqp.queues.new_missing(quarantine.name)]
        )
    assert quarantine.measure() == (1, None)


def test_the_messages_of_a_quorum_queue_are_only_counted() -> None:
    from celery import Celery

    with open_room("rabbitmq") as room:
        app = Celery(broker=room.broker, set_as_current=False)
        name = f"{room.name}.quarantine"
        with app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            kind = {"x-queue-type": "quorum"}
            channel.queue_declare(name, durable=True, auto_delete=False, arguments=kind)
        with Quarantine(app, name) as quarantine:
            keep(quarantine, 0)
            for _ in range(3):
                assert quarantine.measure() == (1, None)
            (kept,) = quarantine.look()
            assert not kept.headers.get("x-delivery-count"), "nobody had it before"
