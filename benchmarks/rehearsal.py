"""100,000 waiting messages, judged at another version, on each broker.

Run: python -m benchmarks.rehearsal [--messages N]

The goal is 20 seconds for 100,000. Half of the messages mean the same, the others are refused for a value;
the new version is asked as bindings and as a spec. A broker that does not answer on loopback is left out.
"""

from __future__ import annotations

import argparse
import json
import socket
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from celery import Celery
from kombu import Queue

from taskcontract import Service, embedded
from taskcontract.operations.inflight import Look, find_in_flight
from taskcontract.operations.rehearsal import (
    BindingsReceiver,
    Receiver,
    Rehearser,
    SpecReceiver,
    summarise,
)

REDIS = "redis://127.0.0.1:6379/13"
RABBITMQ = "amqp://guest:guest@127.0.0.1:5672//"
GOAL = 20.0

old = Service("shop", queue="shop")
new = Service("shop", queue="shop")


@old.task(version="1.0.0")
def sell(item: str, count: int = 1) -> None: ...


@new.task(version="1.1.0", name="shop.sell")
def sell_text(item: str, count: str = "1") -> None: ...


def main() -> None:
    """Print the seconds for each broker and each way to know the new version."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--messages", type=int, default=100_000)
    number = parser.parse_args().messages
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
            measure(broker, url, number)


def measure(broker: str, url: str, number: int) -> None:
    """Fill a queue of its own, look at it twice, and delete it."""
    app = Celery("rehearsal", broker=url, set_as_current=False)
    queue = Queue(f"taskcontract-bench-{uuid4().hex[:8]}")
    with app.connection_for_write() as connection:
        fill(app, connection, queue, number)
        for kind in ("bindings", "spec"):
            before, after = (receive(each, kind) for each in (old, new))
            look = Look(number, Rehearser(before, after, ["json"]))
            started = time.perf_counter()
            found = find_in_flight(app, [queue.name], look=look, timeout=0.1)
            took = time.perf_counter() - started
            outcomes = summarise(found.messages, "shop", "old", "new").outcomes
            assert outcomes == {"refused": number // 2, "same": number - number // 2}, outcomes
            judged = f"{number:,} messages in {took:5.1f} s, {number / took:,.0f} a second"
            print(f"{broker:9} {kind:9} {judged}  (goal: {GOAL * number / 100_000:g} s)")
            sys.stdout.flush()
        queue(connection.default_channel).delete()


def receive(service: Service, kind: str) -> Receiver:
    """A worker of the service, of which the bindings or only the spec are known."""
    today = datetime.now(UTC).date()
    return BindingsReceiver(service, today) if kind == "bindings" else SpecReceiver(service.spec(), today)


def fill(app: Celery, connection: Any, queue: Queue, number: int) -> None:
    """Put `number` calls into the queue, as Celery writes them."""
    with app.amqp.Producer(connection) as producer:
        for index in range(number):
            values: tuple[Any, ...] = (f"item {index}", index) if index % 2 else (f"item {index}",)
            sent = app.amqp.as_task_v2(str(uuid4()), "shop.sell", args=values, kwargs={})
            producer.publish(
                json.dumps(sent.body),
                routing_key=queue.name,
                exchange="",
                content_type="application/json",
                content_encoding="utf-8",
                headers=sent.headers,
                declare=[queue] if index == 0 else [],
                **sent.properties,
            )


def answers(port: int) -> bool:
    """Whether something listens on a port of loopback."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


if __name__ == "__main__":
    main()
