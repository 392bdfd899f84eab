"""One message of the quarantine by its id, with 1,000 and with 30,000 kept, on each broker in one run.

Run: python -m benchmarks.quarantine [--few N] [--many N] [--rounds N]

Messages are put where a worker puts them, without its confirmations. What is measured is what `show ID`,
`replay ID` and `drop ID` do behind their start; a broker that does not answer on loopback is left out.
"""

from __future__ import annotations

import argparse
import socket
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import redis
from celery import Celery
from kombu import Exchange, Queue

from taskcontract import embedded
from taskcontract.safety_net.quarantine import Quarantine
from taskcontract.safety_net.quarantine.kept import NOTE_HEADER
from taskcontract.safety_net.quarantine.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Callable

REDIS = "redis://127.0.0.1:6379/13"
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
GOAL = 2.0
NOTE = {"reason": "unknown-task", "explanation": "no worker code", "at": "2026-01-01T00:00:00.000000+00:00"}
ACTIONS = ("show", "replay", "drop")


def main() -> None:
    """Print one line per broker and action."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=30_000)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args()
    embedded.register()
    with tempfile.TemporaryDirectory() as folder:
        for broker, url, port in (
            ("embedded", embedded.write_url(Path(folder)), 0),
            ("redis", REDIS, 6379),
            ("rabbitmq", RABBITMQ, 5672),
        ):
            if port and not answers(port):
                print(f"{broker} does not answer on loopback")
                continue
            rooms = [Room(url, count) for count in (options.few, options.many)]
            try:
                report(broker, rooms, options.rounds)
            finally:
                for room in rooms:
                    room.close()


def report(broker: str, rooms: list[Room], rounds: int) -> None:
    """Measure both sizes in turn and print the ratios of the medians."""
    taken: dict[str, tuple[list[float], list[float]]] = {action: ([], []) for action in ACTIONS}
    for _ in range(rounds):
        for side, room in enumerate(rooms):
            for action in ACTIONS:
                taken[action][side].append(room.measure(action))
    few, many = (room.count for room in rooms)
    for action, times in taken.items():
        small, large = map(statistics.median, times)
        print(
            f"{broker:8} {action} ID: {large * 1000:.0f} ms with {many:,} kept against {small * 1000:.0f} ms "
            f"with {few:,}: {large / small:.2f} x (goal {GOAL} x)"
        )


class Room:
    """A quarantine of its own with `count` messages on one broker."""

    def __init__(self, url: str, count: int) -> None:
        self.count = count
        self._url = url
        self._name = f"taskcontract-bench-{uuid4().hex[:8]}"
        self._app = Celery(broker=url, backend="disabled://", set_as_current=False)
        self._quarantine = Quarantine(self._app, f"{self._name}.quarantine")
        self._parts = Parts(self._quarantine.name)
        self._ids = [str(uuid4()) for _ in range(count)]
        self._fill()

    def _fill(self) -> None:
        note = {**NOTE, "queue": self._name}
        with self._app.connection_for_write() as connection:
            queue: Any = Queue(self._name, Exchange(""), routing_key=self._name)
            queue(connection.default_channel).declare()
            producer = connection.Producer(auto_declare=False)
            for task_id in self._ids:
                producer.publish(
                    [["x" * 300], {}, {}],
                    routing_key=self._parts.choose(connection, task_id),
                    headers={"task": "later", "id": task_id, NOTE_HEADER: note},
                    serializer="json",
                )
        self._wait(lambda: self._quarantine.depth() == self.count)

    def _wait(self, is_done: Callable[[], bool]) -> None:
        until = time.monotonic() + 60
        while not is_done():
            if time.monotonic() > until:
                sys.exit(f"{self._url} does not take {self.count} messages")
            time.sleep(0.05)

    def measure(self, action: str) -> float:
        """Seconds of one look by an id, and of what is done with the message."""
        wanted = self._ids.pop(len(self._ids) // 2) if action != "show" else self._ids[-1]
        started = time.perf_counter()
        (kept,) = [each for each in self._quarantine.look([wanted]) if each.id == wanted]
        if action == "replay":
            done = self._quarantine.replay(lambda each: each.id == wanted, places=kept.places).sent
        elif action == "drop":
            done = self._quarantine.drop(lambda each: each.id == wanted, places=kept.places)
        else:
            done = [kept]
        taken = time.perf_counter() - started
        assert len(done) == 1
        return taken

    def close(self) -> None:
        """Remove what is left on the broker; a folder goes with its own."""
        self._quarantine.close()
        if self._url == REDIS:
            client: Any = redis.Redis.from_url(REDIS)
            for key in client.scan_iter(match=f"*{self._name}*"):
                client.delete(key)
            client.close()
        elif self._url == RABBITMQ:
            with self._app.connection_for_write() as connection:
                channel: Any = connection.default_channel
                for queue in (self._name, *self._parts.find_all(connection)):
                    channel.queue_delete(queue)
        self._app.close()


def answers(port: int) -> bool:
    """Whether something listens there."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=2).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
