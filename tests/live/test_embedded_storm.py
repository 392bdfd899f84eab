"""Many processes at once on one queue of the embedded broker: nothing lost, doubled or half-read."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest
from kombu import Connection, Queue

from taskcontract import embedded
from taskcontract.embedded.location import prepare
from taskcontract.embedded.results import Results
from tests.support.celery_worker import ROOT
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

PRODUCERS, CONSUMERS, MESSAGES = 4, 3, 1000

PRODUCE = """
import sys
from kombu import Connection, Producer
from taskcontract import embedded

embedded.register()
url, first, last = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
with Connection(url) as connection:
    producer = Producer(connection.channel(), serializer="json")
    for number in range(first, last):
        producer.publish([number, "x" * (number % 500 * 10)], routing_key="storm")
"""

# A consumer answers only after it wrote down what it got: what it did not write down must come again.
CONSUME = """
import sys
from pathlib import Path
from kombu import Connection, Consumer, Queue
from taskcontract import embedded

embedded.register()
url, notes = sys.argv[1], Path(sys.argv[2])

def note(body, message):
    number, filling = body
    assert len(filling) == number % 500 * 10
    print(number, file=file, flush=True)
    message.ack()

with notes.open("w") as file, Connection(url) as connection:
    with Consumer(connection.channel(), [Queue("storm")], callbacks=[note], prefetch_count=8):
        while not notes.with_name("over").exists():
            try:
                connection.drain_events(timeout=0.1)
            except TimeoutError:
                pass
"""


@contextmanager
def start(code: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)}) as process:
        try:
            yield process
        finally:
            process.kill()


def read_notes(folder: Path) -> list[int]:
    return [int(line) for notes in folder.glob("notes-*") for line in notes.read_text().split("\n")[:-1]]


@pytest.mark.parametrize("killed", [False, True], ids=["nobody dies", "a consumer is killed"])
def test_each_message_is_delivered(tmp_path: Path, killed: bool) -> None:
    embedded.register()
    url = embedded.write_url(tmp_path / "a broker")
    share = MESSAGES // PRODUCERS
    with Connection(url) as connection:
        Queue("storm")(connection.channel()).declare()
    with ExitStack() as stack:
        consumers = [
            stack.enter_context(start(CONSUME, url, tmp_path / f"notes-{place}"))
            for place in range(CONSUMERS)
        ]
        producers = [
            stack.enter_context(start(PRODUCE, url, place * share, (place + 1) * share))
            for place in range(PRODUCERS)
        ]
        if killed:
            wait_until(lambda: len(read_notes(tmp_path)) > MESSAGES // 10, every=0.01)
            consumers[0].kill()
        wait_until(lambda: set(read_notes(tmp_path)) >= set(range(MESSAGES)), 40)
        (tmp_path / "over").touch()
        assert [process.wait(20) for process in producers] == [0] * PRODUCERS
        assert [process.wait(20) for process in consumers] == [-9 if killed else 0, 0, 0]

    came = read_notes(tmp_path)
    assert set(came) == set(range(MESSAGES))
    assert len(came) - MESSAGES <= (8 if killed else 0), (
        "more than one consumer's prefetched messages came twice"
    )
    left = [
        path for part in ("queues", "aside", "broken") for path in (tmp_path / "a broker" / part).rglob("*-*")
    ]
    assert left == []


def test_a_storm_of_results_is_read_whole(tmp_path: Path) -> None:
    """Two processes overwrite each other's results while a third reads them."""
    write = """
import sys
from pathlib import Path
from taskcontract.embedded.results import Results

folder, letter = Path(sys.argv[1]), sys.argv[2].encode()
results = Results(folder)
for turn in range(300):
    for key in "abc":
        results.write(key, letter * 100_000)
        results.count("turns")
"""
    prepare(tmp_path)
    results = Results(tmp_path)
    with start(write, tmp_path, "x") as one, start(write, tmp_path, "y") as other:
        seen: set[bytes | None] = set()
        while one.poll() is None or other.poll() is None:
            seen |= {results.read(key) for key in "abc"}
    assert (one.returncode, other.returncode) == (0, 0)
    assert seen <= {None, b"x" * 100_000, b"y" * 100_000}
    assert results.count("turns") == 2 * 300 * 3 + 1
