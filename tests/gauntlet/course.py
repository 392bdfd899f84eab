"""One run: a worker that honest and hostile senders use at once, killed in the middle, and its account."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from celery import Celery

from taskcontract import embedded
from taskcontract.safety_net.quarantine import Kept, Quarantine
from tests.gauntlet import bindings
from tests.gauntlet.honest import Asked, ask, find_troubles
from tests.gauntlet.hostile import RARE, find_kinds
from tests.gauntlet.road import Road
from tests.gauntlet.worker import Worker
from tests.storm.apps.settings import configure
from tests.support.closing import close_app

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.own_brokers import Broker

__all__ = ["MOST_MEMORY", "Account", "Course"]

BATCH = 50
"""Honest calls that are under way at once."""
MOST_MEMORY = 100
"""MB that the worker's main process may grow by."""
PATIENCE = 90.0
"""Seconds until the last hostile message has come to its end: more than a redelivery takes anywhere."""
MARKER = re.compile(r"mark-\d{6}")


@dataclass
class Account:
    """What became of the messages; `troubles` has a line about everything that was not as promised.

    `fates` counts hostile ones by their end: `kept` in quarantine, `run` by the worker as the call that it
    still was, `revoked`, `failed`. `twice` are those with more than one. `growth` is of each worker, in MB.
    """

    honest: int = 0
    hostile: int = 0
    fates: Counter[str] = field(default_factory=Counter)
    twice: int = 0
    growth: list[int] = field(default_factory=list)
    seconds: float = 0.0
    troubles: list[str] = field(default_factory=list)


class Course:
    """Honest calls and hostile messages, through the `broker` called `name`, to a worker with a `pool`."""

    def __init__(self, broker: Broker, name: str, pool: str, folder: Path, seed: int) -> None:
        embedded.register()
        self._pool = pool
        self._folder = folder
        self._notes = folder / "notes"
        self._notes.touch()
        self._environment = {
            "CELERY_BROKER_URL": broker.url,
            "CELERY_RESULT_BACKEND": broker.backend,
            "GAUNTLET_NOTES": str(self._notes),
            "TASKCONTRACT_USAGE": str(folder / "usage.sqlite"),
        }
        self._app = Celery("caller", broker=broker.url, backend=broker.backend, set_as_current=False)
        configure(self._app)
        bindings.shop.use(self._app)
        self._kinds = find_kinds(name)
        self._rng = random.Random(seed)
        self._sent: dict[str, str] = {}
        self._maybe_twice: set[str] = set()
        self._account = Account()

    def run(self, honest: int, hostile: int) -> Account:
        """Send all, kill the worker in the middle, and look for each message."""
        started = time.monotonic()
        self._worker = Worker(self._pool, self._folder, self._environment)
        self._road = Road(self._app)
        try:
            self._judge_answers(self._send(BATCH, []))
            start = self._worker.measure()
            batches = self._plan(honest, hostile)
            for number, (calls, kinds) in enumerate(batches):
                asked = self._send(calls, kinds)
                if number == len(batches) // 2:
                    self._judge_memory(start)
                    self._maybe_twice.update(sorted(self._sent)[-2 * len(kinds) :])
                    self._worker.kill()
                    self._worker = Worker(self._pool, self._folder, self._environment)
                    start = self._worker.measure()
                self._judge_answers(asked)
                self._restart_if_ended()
            self._look_for_all()
            self._judge_memory(start)
        finally:
            self._worker.stop()
            self._road.close()
            close_app(self._app)
        self._account.seconds = time.monotonic() - started
        return self._account

    def _plan(self, honest: int, hostile: int) -> list[tuple[int, list[str]]]:
        """The honest calls and the hostile kinds of each batch; rare kinds apart, all come equally often."""
        share = max(1, hostile // 40)
        most = {name: min(number, share) for name, number in RARE.items() if name in self._kinds}
        rare = [name for name, number in most.items() for _ in range(number)]
        common = sorted(self._kinds.keys() - RARE.keys())
        every = (common * (hostile // len(common) + 1))[: hostile - len(rare)] + rare
        self._rng.shuffle(every)
        number = max(2, honest // BATCH)
        return [(honest // number, every[place::number]) for place in range(number)]

    def _send(self, calls: int, kinds: list[str]) -> list[Asked]:
        """Send so many calls, and hostile messages of these kinds anywhere among them."""
        asked: list[Asked] = []
        order: list[str | None] = [None] * calls + kinds
        self._rng.shuffle(order)
        for kind in order:
            if kind is None:
                asked.append(ask(self._app, self._account.honest))
                self._account.honest += 1
            else:
                self._send_hostile(kind)
        return asked

    def _send_hostile(self, kind: str) -> None:
        """Send one of a kind. What the client itself cannot write is made anew, with other random changes."""
        marker = f"mark-{len(self._sent):06}"
        for _ in range(50):
            try:
                self._kinds[kind](self._road, marker, self._rng)
            except Exception:  # whatever writing it raises
                self._road.close()
                self._road = Road(self._app)
            else:
                self._sent[marker] = kind
                self._account.hostile += 1
                return
        raise AssertionError(f"no message of the kind {kind!r} could be sent")

    def _judge_answers(self, asked: list[Asked]) -> None:
        self._account.troubles += find_troubles(asked)

    def _restart_if_ended(self) -> None:
        if self._worker.process.poll() is not None:
            self._account.troubles.append(f"the worker ended by itself: {self._worker.process.returncode}")
            self._worker = Worker(self._pool, self._folder, self._environment)

    def _judge_memory(self, start: int) -> None:
        growth = self._worker.measure("VmHWM") - start
        self._account.growth.append(growth)
        if growth > MOST_MEMORY:
            self._account.troubles.append(f"the worker grew by {growth} MB")

    def _look_for_all(self) -> None:
        """Wait until each hostile message has an end, and note those without one, and those with two."""
        deadline = time.monotonic() + PATIENCE
        while (missing := self._sent.keys() - self._find_fates().keys()) and time.monotonic() < deadline:
            time.sleep(2)
        fates = self._find_fates()
        for marker in sorted(missing):
            self._account.troubles.append(f"{marker} ({self._sent[marker]}): nowhere")
        for strange in fates.keys() - self._sent.keys():
            self._account.troubles.append(f"nobody sent what is in quarantine: {strange}")
        for marker, found in fates.items():
            self._account.fates[found[0]] += 1
            if found.count("kept") > 1 or len(set(found)) > 1:
                self._account.twice += 1
                if marker not in self._maybe_twice:
                    self._account.troubles.append(f"{marker} ({self._sent.get(marker)}): {', '.join(found)}")

    def _find_fates(self) -> dict[str, list[str]]:
        """By marker: `kept` for each time that it is in quarantine, and how else it ended, each word once."""
        fates: dict[str, list[str]] = {}
        app = Celery("operator", broker=self._app.conf.broker_url, set_as_current=False)
        with Quarantine(app) as quarantine:
            for kept in quarantine.look():
                fates.setdefault(_find_marker(kept), []).append("kept")
        app.close()
        for text in self._road.find_set_aside():
            for marker in MARKER.findall(text):
                fates.setdefault(marker, []).append("set aside by the broker")
        for how, marker in sorted({tuple(line.split()) for line in self._notes.read_text().splitlines()}):
            fates.setdefault(marker, []).append(how)
        return fates


def _find_marker(kept: Kept) -> str:
    """The marker of a message in quarantine, wherever it is; a text about it where it has none."""
    everywhere = f"{kept.id} {kept.headers} {kept.properties} {kept.body!r}"
    found = MARKER.search(everywhere)
    return found[0] if found else f"{kept.note.reason}: {everywhere[:200]}"
