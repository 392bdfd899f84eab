"""Connections to a folder: waiting, a worker's loop, forks, and a folder that goes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import pytest
from kombu import Connection, Consumer, Exchange, Queue
from kombu.exceptions import OperationalError

from taskcontract import embedded
from taskcontract.embedded import transport
from taskcontract.embedded.refusal import FolderRefusedError
from tests.support.clock import Clock
from tests.support.messages import publish, receive

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from kombu.message import Message

    Connect = Callable[..., Connection]


FORK = """
import os, sys
from kombu import Connection, Exchange, Queue
from taskcontract import embedded
from taskcontract.embedded.process_lock import find_process_lock

embedded.register()
connection = Connection(sys.argv[1])
queue = Queue("q", Exchange("e", "fanout"), exclusive=True)(connection.channel())
queue.declare()
connection.Producer().publish("one", routing_key="q")
assert queue.get()
mine = find_process_lock(connection.transport.folder).name
if child := os.fork():
    assert os.waitpid(child, 0)[1] == 0
    assert queue.queue_declare(passive=True).message_count == 0
    connection.release()
else:
    connection.release()
    os._exit(find_process_lock(connection.transport.folder).name == mine)
"""


@pytest.mark.process
def test_a_forked_child_touches_nothing_of_its_parents(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK, embedded.write_url(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    # Kombu prints what its parent gives back when it ends, before 5.6.
    assert (done.returncode, done.stderr.replace("Restoring 1 unacknowledged message(s)\n", "")) == (0, "")


def test_messages_of_a_dead_consumer_come_to_one_that_waits(connect: Connect, folder: Path) -> None:
    publish(connect(), Queue("q"), "one")
    claimed = folder / "claims" / "1-2-3" / "q"
    claimed.mkdir(parents=True)
    (folder / "claims" / "1-2-3.lock").touch()
    [message] = (folder / "queues" / "q").iterdir()
    message.rename(claimed / message.name)
    assert receive(connect(), Queue("q")) == ["one"]
    assert not claimed.exists()


def test_a_queue_that_expires_is_removed_by_any_consumer(connect: Connect) -> None:
    Queue("passing", expires=0.01)(connect().channel()).declare()
    time.sleep(0.02)
    receive(connect(), Queue("q"))
    channel: Any = connect().channel()
    assert not channel._has_queue("passing")


def test_a_removed_folder_is_made_again_with_all_that_a_consumer_declared(
    connect: Connect, folder: Path
) -> None:
    queue = Queue("q", Exchange("test.topic", "topic"), "key.#", expires=60.0)
    connection = connect()
    seen: list[Any] = []
    with Consumer(connection.channel(), [queue], callbacks=[lambda body, _: seen.append(body)], no_ack=True):
        shutil.rmtree(folder)
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=0.05)
        publish(connect(), queue, "one", routing_key="key.x", declare=[])
        connection.drain_events(timeout=1)
    assert seen == ["one"]
    assert (folder / "queues" / "q.lease").exists()


def test_a_folder_that_cannot_come_back_is_an_error_that_kombu_waits_for(
    connect: Connect, folder: Path
) -> None:
    connection = connect()
    publish(connection, Queue("q"), "one")
    shutil.rmtree(folder)
    folder.write_text("in the way")
    with pytest.raises(connection.connection_errors, match="lost its folder"):
        publish(connection, Queue("q"), "two")
    with pytest.raises(OperationalError, match="lost its folder"):
        connect().ensure_connection(max_retries=1, interval_start=0)
    assert connect().as_uri() == embedded.write_url(folder)


def test_a_folder_that_never_served_is_refused_at_once(tmp_path: Path) -> None:
    embedded.register()
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderRefusedError), Connection(f"embedded://{tmp_path}/file/broker") as connection:
        connection.channel()


def test_messages_of_a_consumer_that_left_go_to_those_who_stay(connect: Connect) -> None:
    publish(connect(), Queue("q"), "one")
    connection: Any = connect()
    orphan = connection.transport.create_channel(connection.transport)
    connection.transport._deliver(orphan._get("q"), "q")
    assert receive(connect(), Queue("q")) == ["one"]


@pytest.mark.parametrize("timeout", [0, 0.01])
def test_waiting_ends_in_time(connect: Connect, monkeypatch: pytest.MonkeyPatch, timeout: float) -> None:
    clock = Clock()
    monkeypatch.setattr(transport, "time", clock)
    connection = connect(polling_interval=5)
    with Consumer(connection.channel(), [Queue("q")]):
        with pytest.raises(TimeoutError):
            connection.drain_events(timeout=timeout)
        assert clock.now == pytest.approx(timeout)


class Loop:
    """An event loop that does what is due when it is told to."""

    def __init__(self) -> None:
        self.calls: list[tuple[float, Callable[[], None]]] = []

    def call_later(self, delay: float, callback: Callable[[], None]) -> None:
        self.calls.append((delay, callback))

    def run_once(self) -> float | None:
        """Run what was asked for; give the delay of what is asked for next."""
        _, callback = self.calls.pop()
        callback()
        return self.calls[0][0] if self.calls else None


def test_a_workers_loop_gets_some_messages_at_once_and_comes_again(connect: Connect) -> None:
    publish(connect(), Queue("q"), *range(20))
    connection, loop, seen = connect(), Loop(), []
    with Consumer(
        connection.channel(), [Queue("q")], callbacks=[lambda body, _: seen.append(body)], no_ack=True
    ):
        connection.register_with_event_loop(loop)
        assert loop.run_once() == 0
        assert seen == list(range(16))
        delay = loop.run_once()
        assert delay is not None
        assert 0 < delay <= 0.02, "a worker that is told to stop looks again so soon"
        assert seen == list(range(20))
        connection.release()
        assert loop.run_once() is None


def test_a_consumer_that_fails_does_not_end_the_watch(connect: Connect) -> None:
    def fail(_: Any, __: Message) -> None:
        raise ValueError("of its own")

    publish(connect(), Queue("q"), "one")
    connection, loop = connect(), Loop()
    with Consumer(connection.channel(), [Queue("q")], callbacks=[fail], no_ack=True):
        connection.register_with_event_loop(loop)
        with pytest.raises(ValueError, match="of its own"):
            loop.run_once()
        assert len(loop.calls) == 1


def test_a_connection_says_where_it_goes(connect: Connect, folder: Path) -> None:
    assert connect().as_uri() == embedded.write_url(folder)
    assert "a%20folder" in connect().as_uri()
    with pytest.raises(TimeoutError):
        connect().clone().drain_events(timeout=0)
