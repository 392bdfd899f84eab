"""A message of any form is kept, and the worker goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract.errors import RefusedMessageError
from taskcontract.provider.quarantine import Quarantine
from tests.support.plain_worker import PLAIN, run_service

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

GOOD: dict[str, Any] = {"task": "add", "id": "x"}
CALL = "[[1, 2], {}, {}]"
MESSAGES: dict[str, tuple[dict[str, Any], str, dict[str, Any]]] = {
    "a task that is a list": ({"task": ["add"], "id": "x"}, CALL, {}),
    "no id": ({"task": "add"}, CALL, {}),
    "an id that is a number": ({"task": "add", "id": 7}, CALL, {}),
    "an id that is a mapping": ({"task": "add", "id": {"x": 1}}, CALL, {}),
    "a body that is too short": (GOOD, "[[1, 2]]", {}),
    "a body that is text": (GOOD, '"abc"', {}),
    "a body that is null": (GOOD, "null", {}),
    "an empty body": (GOOD, "", {}),
    "keywords that are a list": (GOOD, "[[1, 2], [], {}]", {}),
    "no content type": (GOOD, CALL, {"content_type": ""}),
    "one time limit": ({**GOOD, "timelimit": 5}, CALL, {}),
    "time limits that are text": ({**GOOD, "timelimit": ["a", "b"]}, CALL, {}),
    "stamped headers that are a number": ({**GOOD, "stamped_headers": 7}, CALL, {}),
    "a time beyond all clocks": ({**GOOD, "eta": "9999-12-31T23:59:59.999999-12:00"}, CALL, {}),
    "a compression that it has not": ({**GOOD, "compression": "application/x-gzip"}, CALL, {}),
    "an unknown compression": ({**GOOD, "compression": "no-such"}, CALL, {}),
    "no task": ({}, '{"event": "ping"}', {}),
    "protocol 1 with a list for its task": ({}, '{"task": ["add"], "id": "x", "args": [], "kwargs": {}}', {}),
}

PROPERTIES = '{"delivery_tag": "t%d", "delivery_info": {"exchange": "", "routing_key": "q"}}'
ENVELOPES = {
    "garbage": "garbage",
    "bytes that are no text": b"\xff\xfe\x00",
    "JSON that is no mapping": "[1, 2, 3]",
    "a mapping of somebody else": '{"hello": "world"}',
    "no properties": '{"body": "", "headers": {}, "properties": null}',
    "headers that are a list": f'{{"body": "W10=", "headers": ["a"], "properties": {PROPERTIES % 1}}}',
    "headers that are text": f'{{"body": "W10=", "headers": "a", "properties": {PROPERTIES % 2}}}',
    "a body that is a number": f'{{"body": 5, "headers": {{}}, "properties": {PROPERTIES % 3}}}',
    "no way that it came": '{"body": "W10=", "headers": {}, "properties": '
    '{"delivery_tag": "t5", "delivery_info": {}}}',
    "headers that are an empty list": f'{{"body": "W10=", "headers": [], "properties": {PROPERTIES % 6}}}',
    "a body that is no base64": '{"body": "%", "headers": {}, "properties": {"body_encoding": "base64", '
    '"delivery_tag": "t4", "delivery_info": {"exchange": "", "routing_key": "q"}}}',
}


def wait_for_kept(quarantine: Quarantine, number: int) -> list[Any]:
    deadline = time.monotonic() + 20
    while len(kept := quarantine.look()) < number:
        assert time.monotonic() < deadline, [each.headers for each in kept]
        time.sleep(0.1)
    return kept


def test_each_malformed_message_is_kept_and_the_worker_goes_on(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room) as worker:
        with caller.producer_or_acquire() as producer:
            for headers, body, options in MESSAGES.values():
                fields = {"content_type": "application/json", "content_encoding": "utf-8", **options}
                producer.publish(body, routing_key=room.name, headers=headers, **fields)
        kept = wait_for_kept(quarantine, len(MESSAGES))
        assert {each.note.reason for each in kept} <= {"unreadable", "content-type"}
        assert len(kept) == len(MESSAGES)
        assert caller.send_task("add", (1, 2)).get(timeout=10) == 3
        assert worker.poll() is None
    assert "Traceback" not in (tmp_path / "worker.log").read_text()


def test_what_is_no_message_of_kombus_is_kept_too(redis_room: Room, tmp_path: Path) -> None:
    room = redis_room
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    with run_service(tmp_path, room) as worker, Quarantine(app, f"{room.name}.quarantine") as quarantine:
        with app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            for item in ENVELOPES.values():
                channel.client.lpush(room.name, item)
        bodies = [each.body for each in wait_for_kept(quarantine, len(ENVELOPES))]
        assert b"garbage" in bodies
        assert b'{"hello": "world"}' in bodies
        assert app.send_task("add", (1, 2), queue=room.name).get(timeout=10) == 3
        assert worker.poll() is None
    app.close()


LATER = """
@app.task(name="later")
def later(x, y):
    return x - y
"""


@pytest.mark.parametrize("version", [1, 2])
def test_a_compressed_call_is_replayed_as_it_was(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path, version: int
) -> None:
    caller.conf.task_protocol = version
    with run_service(tmp_path, room):
        sent = caller.send_task("later", (1, 2), compression="gzip")
        with pytest.raises(RefusedMessageError, match="no worker code for the task 'later'"):
            sent.get(timeout=10)
        (kept,) = wait_for_kept(quarantine, 1)
        assert (kept.id, kept.task) == (sent.id, "later")
    with run_service(tmp_path, room, PLAIN + LATER, name="newer"):
        assert len(quarantine.replay(lambda kept: True).sent) == 1
        deadline = time.monotonic() + 10
        while not caller.AsyncResult(sent.id).successful():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert caller.AsyncResult(sent.id).get(timeout=10) == -1
