"""One message costs what one message costs, however many are kept, and two operators hide nothing."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from kombu import Exchange, Queue

from taskcontract.brokers.connections import reaching
from taskcontract.errors import BrokerError
from taskcontract.safety_net.quarantine import Note, Quarantine, parts, taking
from taskcontract.safety_net.quarantine.kept import NOTE_HEADER
from tests.live.safety_net.test_replay import DYING
from tests.support.brokers import open_room
from tests.support.celery_worker import ROOT
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.safety_net.quarantine import Kept
    from tests.support.brokers import Room

pytestmark = pytest.mark.live

FIRST, PARTS = 4, 32
"""Messages that lie in the quarantine's own queue in these tests, and the parts beside it."""

NAMED = ["nightly-2026-11-26", "nightly-2026-11-27", "deadbeef", "\u00fc" * 300, "3c"]


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "FIRST", FIRST)
    monkeypatch.setattr(parts, "PARTS", PARTS)
    monkeypatch.setattr(parts, "ASKED_EVERY", 1)


def message(task_id: str, body: bytes = b"[[], {}, {}]") -> Any:
    headers = {"task": "later", "id": task_id} if task_id else {"task": "later"}
    return SimpleNamespace(
        headers=headers,
        body=body,
        content_type="application/json",
        content_encoding="utf-8",
        properties={},
        errors=[],
    )


def keep(quarantine: Quarantine, room: Room, ids: list[str]) -> None:
    for number, task_id in enumerate(ids):
        note = Note("unknown-task", queue=room.name, at=f"2026-01-01T00:00:00.{number:06}+00:00")
        quarantine.keep(message(task_id), note)


def make_ids(number: int) -> list[str]:
    return [str(uuid4()) for _ in range(number)]


def ids_of(kept: list[Kept]) -> list[str]:
    return [each.id for each in kept]


def receive(caller: Celery, room: Room) -> list[str]:
    """The ids of what was sent back, in the order of the queue."""
    found = []
    with caller.connection_for_read() as connection:
        queue: Any = Queue(room.name, Exchange(""), routing_key=room.name)(connection.default_channel)
        while (each := queue.get(no_ack=True)) is not None:
            found.append(each.headers["id"])
    return found


def declare(caller: Celery, name: str, **options: Any) -> None:
    with caller.connection_for_write() as connection:
        queue: Any = Queue(name, Exchange(""), routing_key=name, **options)
        queue(connection.default_channel).declare()


def test_one_of_many_is_found_by_its_id_without_reading_most_of_them(
    room: Room, quarantine: Quarantine
) -> None:
    ids = [*make_ids(60), *NAMED, *make_ids(60)]
    keep(quarantine, room, ids)
    assert quarantine.depth() == len(ids)
    assert ids_of(quarantine.look()) == ids
    for wanted in (ids[0], ids[30], ids[-1], *NAMED, ids[40][:8], ids[41][:20]):
        found = quarantine.look([wanted])
        assert any(each.id.startswith(wanted) for each in found)
        assert len(found) < len(ids) / 3
    gone = str(uuid4())
    assert len(quarantine.look([gone])) < len(ids) / 3
    several = quarantine.look([ids[10], ids[-10][:9], "3c"])
    assert {ids[10], ids[-10], "3c"} <= {each.id for each in several}
    assert len(several) < len(ids) / 2


@pytest.mark.parametrize("wanted", ["nightly", "3", "no such id", ""])
def test_the_beginning_of_any_id_is_looked_for_everywhere(
    wanted: str, room: Room, quarantine: Quarantine
) -> None:
    ids = [*make_ids(20), *NAMED]
    keep(quarantine, room, ids)
    assert ids_of(quarantine.look([wanted])) == ids


def test_a_message_without_an_id_is_found_by_the_one_that_is_shown(
    room: Room, quarantine: Quarantine
) -> None:
    keep(quarantine, room, [*make_ids(60), ""])
    shown = quarantine.look()[-1].id
    found = quarantine.look([shown])
    assert found[-1].id == shown
    assert len(found) < 30
    assert ids_of(quarantine.drop(lambda kept: kept.id == shown, places=found[-1].places)) == [shown]
    assert quarantine.depth() == 60


def test_all_are_replayed_in_the_order_in_which_they_were_kept(
    room: Room, caller: Celery, quarantine: Quarantine
) -> None:
    ids = [*make_ids(40), *NAMED]
    keep(quarantine, room, ids)
    declare(caller, room.name)
    one = next(each for each in quarantine.look([ids[30]]) if each.id == ids[30])
    assert len(quarantine.replay(lambda kept: kept.id == one.id, places=one.places).sent) == 1
    assert receive(caller, room) == [one.id]
    ids.remove(one.id)
    assert ids_of(quarantine.replay(lambda kept: True).sent) == ids
    assert receive(caller, room) == ids
    assert quarantine.depth() == 0


def test_what_an_older_worker_keeps_is_in_the_queue_itself(
    room: Room, caller: Celery, quarantine: Quarantine
) -> None:
    """As many as it likes, before the newer ones and among them."""
    ids = make_ids(30)
    declare(caller, room.name)
    declare(caller, quarantine.name, queue_arguments={"x-queue-type": "classic"})
    for number, task_id in enumerate(ids):
        if number % 3 == 0:
            keep(quarantine, room, [task_id])
            continue
        note = {"reason": "unknown-task", "queue": room.name, "at": "2026-01-01T00:00:00.000+00:00"}
        with caller.producer_or_acquire() as producer:
            producer.publish(
                [[], {}, {}],
                routing_key=quarantine.name,
                headers={"task": "later", "id": task_id, NOTE_HEADER: note},
                serializer="json",
            )
    assert quarantine.depth() == 30
    for task_id in ids[::2]:
        kept = {each.id: each for each in quarantine.look([task_id[:8]])}[task_id]
        assert (
            len(
                quarantine.replay(partial(lambda own, each: each.id == own, task_id), places=kept.places).sent
            )
            == 1
        )
    assert receive(caller, room) == ids[::2]
    assert sorted(ids_of(quarantine.drop(lambda kept: True))) == sorted(ids[1::2])


def test_what_was_kept_twice_in_two_places_is_sent_once(
    room: Room, caller: Celery, quarantine: Quarantine
) -> None:
    declare(caller, room.name)
    ids = make_ids(10)
    keep(quarantine, room, [ids[0], *ids, ids[0]])
    (kept,) = [each for each in quarantine.look([ids[0]]) if each.id == ids[0]]
    assert len(kept.places) == 2
    assert quarantine.depth() == 12
    quarantine.replay(lambda each: each.id == kept.id, places=kept.places)
    assert receive(caller, room) == [kept.id]
    assert ids_of(quarantine.look()) == ids[1:]


def test_two_operators_hide_nothing_from_each_other(room: Room, caller: Celery) -> None:
    name = f"{room.name}.quarantine"
    ids = make_ids(200)
    with Quarantine(caller, name) as quarantine:
        keep(quarantine, room, ids)
    seen: list[list[str]] = []

    def operate() -> None:
        with Quarantine(caller, name) as own:
            seen.extend(ids_of(own.look()) for _ in range(5))
            seen.extend([each] for each in ids[::50] if each in ids_of(own.look([each])))

    threads = [threading.Thread(target=operate) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [each for each in seen if len(each) > 1] == [ids] * 10
    assert sorted(each[0] for each in seen if len(each) == 1) == sorted(ids[::50] * 2)


def test_two_operators_send_each_message_once(room: Room, caller: Celery) -> None:
    name = f"{room.name}.quarantine"
    ids = make_ids(60)
    declare(caller, room.name)
    with Quarantine(caller, name) as quarantine:
        keep(quarantine, room, ids)
        sent: list[str] = []

        def operate() -> None:
            with Quarantine(caller, name) as own:
                sent.extend(ids_of(own.replay(lambda kept: True).sent))

        threads = [threading.Thread(target=operate) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert set(sent) == set(ids)
        assert quarantine.look() == []
    assert sorted(receive(caller, room)) == sorted(ids)


def test_an_operator_who_is_killed_leaves_the_rest_in_their_places(
    room: Room, caller: Celery, quarantine: Quarantine
) -> None:
    ids = make_ids(30)
    declare(caller, room.name)
    keep(quarantine, room, ids)
    few = f"from taskcontract.safety_net.quarantine import parts\nparts.PARTS = {PARTS}\n"
    command = [sys.executable, "-c", few + DYING, room.broker, room.name]
    assert subprocess.run(command, timeout=60, check=False, cwd=ROOT).returncode == -signal.SIGKILL
    wait_until(lambda: quarantine.depth() == 28)  # RabbitMQ has to notice
    assert ids_of(quarantine.look()) == ids[2:]
    assert ids_of(quarantine.replay(lambda kept: True).sent) == ids[2:]
    assert receive(caller, room) == ids


@pytest.fixture
def rabbitmq_room() -> Any:
    with open_room("rabbitmq") as room:
        yield room


class TestRabbitMQ:
    """What only it has: turns, and permissions to make a queue."""

    @pytest.fixture
    def room(self, rabbitmq_room: Room) -> Room:
        return rabbitmq_room

    def test_who_waits_too_long_for_their_turn_is_told(
        self, room: Room, caller: Celery, quarantine: Quarantine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(quarantine, room, make_ids(3))
        monkeypatch.setattr(taking, "PATIENCE", 0.2)
        with (
            reaching(caller, "the quarantine") as connection,
            taking.in_turn(connection, f"{quarantine.name}.turn"),
            pytest.raises(BrokerError, match="another operator is at work"),
        ):
            quarantine.look()
        assert len(quarantine.look()) == 3

    def test_who_may_make_no_turn_does_without(self, caller: Celery) -> None:
        with reaching(caller, "the quarantine") as connection:
            with taking.in_turn(connection, "amq.nobody-may-make-one"):
                pass
            assert connection.connected

    def test_where_no_part_can_be_made_all_lies_in_the_queue_itself(
        self, room: Room, caller: Celery, quarantine: Quarantine
    ) -> None:
        other = f"{quarantine.name}.05"
        declare(caller, other, durable=False)
        ids = make_ids(20)
        keep(quarantine, room, ids)
        assert ids_of(quarantine.look()) == ids
        with caller.connection_for_write() as connection:
            channel: Any = connection.default_channel
            assert channel.queue_declare(quarantine.name, passive=True).message_count == 20
            for number in range(6):
                channel.queue_delete(f"{quarantine.name}.{number:02x}")

    def test_a_quarantine_that_is_not_there_is_empty(self, quarantine: Quarantine) -> None:
        assert quarantine.depth() == 0
        assert quarantine.look() == quarantine.look(["1"]) == []
        assert quarantine.replay(lambda kept: True).sent == []
