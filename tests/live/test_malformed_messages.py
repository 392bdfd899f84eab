"""A message of any form is kept, and the worker goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract.errors import RefusedMessageError
from taskcontract.provider.quarantine import Quarantine
from tests.live.test_safety_net import PLAIN
from tests.support.brokers import BROKERS, Room, open_room
from tests.support.celery_worker import run_celery_worker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


@pytest.fixture(params=BROKERS)
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    with open_room(request.param) as room:
        yield room


@pytest.fixture
def caller(room: Room) -> Iterator[Celery]:
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    app.conf.task_default_queue = room.name
    yield app
    app.close()


def run(folder: Path, room: Room) -> Any:
    (folder / "service.py").write_text(PLAIN)
    pool = ("-P", "prefork" if room.broker.startswith("amqp") else "threads", "-c", "1")
    environment = {**room.environment, "ROOM": room.name}
    return run_celery_worker("service", folder, room.name, *pool, environment=environment)


def wait_for_kept(quarantine: Quarantine, number: int) -> list[Any]:
    deadline = time.monotonic() + 20
    while len(kept := quarantine.look()) < number:
        assert time.monotonic() < deadline, [each.headers for each in kept]
        time.sleep(0.1)
    return kept


def test_each_malformed_message_is_kept_and_the_worker_goes_on(
    room: Room, caller: Celery, tmp_path: Path
) -> None:
    with run(tmp_path, room) as worker, Quarantine(caller, f"{room.name}.quarantine") as quarantine:
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


def test_what_is_no_message_of_kombus_is_kept_too(tmp_path: Path) -> None:
    with open_room("redis") as room:
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        with run(tmp_path, room) as worker, Quarantine(app, f"{room.name}.quarantine") as quarantine:
            with app.connection_for_write() as connection:
                client: Any = connection.default_channel
                for item in ENVELOPES.values():
                    client.client.lpush(room.name, item)
            kept = wait_for_kept(quarantine, len(ENVELOPES))
            bodies = [each.body for each in kept]
            assert b"garbage" in bodies
            assert b'{"hello": "world"}' in bodies
            assert app.send_task("add", (1, 2), queue=room.name).get(timeout=10) == 3
            assert worker.poll() is None
            assert client is not None
        app.close()


@pytest.mark.parametrize("version", [1, 2])
def test_a_compressed_call_is_replayed_as_it_was(
    room: Room, caller: Celery, tmp_path: Path, version: int
) -> None:
    caller.conf.task_protocol = version
    with run(tmp_path, room), Quarantine(caller, f"{room.name}.quarantine") as quarantine:
        sent = caller.send_task("later", (1, 2), compression="gzip")
        with pytest.raises(RefusedMessageError, match="no worker code for the task 'later'"):
            sent.get(timeout=10)
        (kept,) = wait_for_kept(quarantine, 1)
        assert (kept.id, kept.task) == (sent.id, "later")
    new = PLAIN + "\n@app.task(name='later')\ndef later(x, y):\n    return x - y\n"
    (tmp_path / "service.py").write_text(new)
    pool = ("-P", "prefork" if room.broker.startswith("amqp") else "threads", "-c", "1")
    environment = {**room.environment, "ROOM": room.name}
    (tmp_path / "new.py").write_text(new)
    with (
        run_celery_worker("new", tmp_path, room.name, *pool, environment=environment),
        Quarantine(caller, f"{room.name}.quarantine") as quarantine,
    ):
        assert len(quarantine.replay(lambda kept: True).sent) == 1
        deadline = time.monotonic() + 10
        while not caller.AsyncResult(sent.id).successful():
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert caller.AsyncResult(sent.id).get(timeout=10) == -1
