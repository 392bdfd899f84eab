"""A message of any form is kept, and the worker goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract.errors import RefusedMessageError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.closing import close_app
from tests.support.hostile_messages import ENVELOPES, MESSAGES, mark, mark_envelope
from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live


def wait_for_kept(quarantine: Quarantine, number: int) -> list[Any]:
    return wait_until(lambda: kept if len(kept := quarantine.look()) >= number else [])


def test_each_malformed_message_is_kept_and_the_worker_goes_on(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room) as worker:
        with caller.producer_or_acquire() as producer:
            for headers, body, options in mark(MESSAGES, "x").values():
                fields = {"content_type": "application/json", "content_encoding": "utf-8", **options}
                producer.publish(body, routing_key=room.name, headers=headers, **fields)
        kept = wait_for_kept(quarantine, len(MESSAGES))
        assert {each.note.reason for each in kept} <= {"unreadable", "content-type"}
        assert len(kept) == len(MESSAGES)
        parts = [each for each in kept if not each.is_whole]
        if room.broker.startswith("amqp"):
            (part,) = parts
            assert (part.body, part.task) == (b'[["x", 2], {}, {}]', "add")
            assert "does not take it" in part.note.cut
            assert quarantine.replay(lambda kept: kept.id == part.id) == ([], [])
        else:
            assert parts == []
        assert caller.send_task("add", (1, 2)).get(timeout=10) == 3
        assert worker.poll() is None
    assert "Traceback" not in (tmp_path / "worker.log").read_text()


def test_what_is_no_message_of_kombus_is_kept_too(redis_room: Room, tmp_path: Path) -> None:
    room = redis_room
    envelopes = [mark_envelope(name, f"t{number}") for number, name in enumerate(ENVELOPES)]
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    with run_service(tmp_path, room) as worker, Quarantine(app, f"{room.name}.quarantine") as quarantine:
        with app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            for item in envelopes:
                channel.client.lpush(room.name, item)
        bodies = [each.body for each in wait_for_kept(quarantine, len(envelopes))]
        assert b"garbage t0" in bodies
        assert b'{"hello": "t3"}' in bodies
        assert app.send_task("add", (1, 2), queue=room.name).get(timeout=10) == 3
        assert worker.poll() is None
    close_app(app)


LATER = """
@app.task(name="later")
def later(x, y):
    return x - y
"""


def test_a_compressed_call_is_replayed_as_it_was(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    sent = []
    with run_service(tmp_path, room):
        for version in (1, 2):
            caller.conf.task_protocol = version
            sent.append(caller.send_task("later", (1, 2), compression="gzip"))
            with pytest.raises(RefusedMessageError, match="no worker code for the task 'later'"):
                sent[-1].get(timeout=10)
        kept = wait_for_kept(quarantine, 2)
        assert {(each.id, each.task) for each in kept} == {(each.id, "later") for each in sent}
    with run_service(tmp_path, room, PLAIN + LATER, name="newer"):
        assert len(quarantine.replay(lambda kept: True).sent) == 2
        for each in sent:
            wait_until(lambda sent=each: caller.AsyncResult(sent.id).successful())
            assert caller.AsyncResult(each.id).get(timeout=10) == -1
