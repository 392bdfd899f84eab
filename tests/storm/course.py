"""The storm's course on one side: callers and workers through every phase, then the account."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from celery import Celery

from taskcontract import embedded
from taskcontract.safety_net.quarantine import Quarantine
from tests.storm.account import Account, draw_up
from tests.storm.fleet import ROOT, Fleet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.support.own_brokers import Broker

__all__ = ["Course"]

VERSIONS = (1, 2, 1, 2)
"""The version that each caller knows."""
AT_MOST = 600.0
"""Seconds from the first call to the last answer."""
QUIET = 45.0
"""Seconds without any news, after which no more is expected: longer than a redelivery takes anywhere."""


class Course:
    """One run of `calls` calls through `broker`, on the side `bare` or `kept`."""

    def __init__(
        self, broker: Broker, side: str, calls: int, folder: Path, say: Callable[[str], None]
    ) -> None:
        self._broker = broker
        self._side = side
        self._calls = calls
        self._folder = folder
        self._say = say
        self._notes = folder / "notes"
        self._notes.mkdir()
        environment = {
            "STORM_BROKER": broker.url,
            "STORM_BACKEND": broker.backend,
            "STORM_NOTES": str(self._notes),
            "TASKCONTRACT_USAGE": str(folder / "usage.sqlite"),
        }
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        self._fleet = Fleet(side, folder, environment)
        self._ends = 0.0
        self._replayed = 0
        self._is_settled = False
        embedded.register()

    def run(self) -> Account:
        """Go through all phases; what became of each call."""
        started = time.monotonic()
        self._ends = started + AT_MOST
        self._allow(0)
        callers: list[subprocess.Popen[bytes]] = []
        try:
            self._fleet.change_to("old", "old")
            callers += [self._start_caller(place) for place in range(len(VERSIONS))]
            self._go_through_phases()
            self._wait_for_answers()
        except TimeoutError as error:  # the account shows what is missing
            self._say(f"{self._side}: {error}")
        finally:
            (self._folder / "stop").touch()
            for caller in callers:
                _wait(caller)
            self._fleet.stop()
        return draw_up(
            self._folder,
            self._calls,
            replayed=self._replayed,
            kept=self._count_kept(),
            crashed=(*self._fleet.crashed, *(f"{name} (did not drain)" for name in self._fleet.stuck)),
            seconds=time.monotonic() - started,
        )

    def _go_through_phases(self) -> None:
        phases: tuple[tuple[float, str, Callable[[], None]], ...] = (
            (0.16, "old", lambda: None),
            (0.24, "mixed", lambda: self._fleet.change_to("old", "new")),
            (0.34, "mixed, a worker killed", lambda: self._fleet.kill("old")),
            (0.46, "mixed, the broker restarted", self._broker.restart),
            (0.62, "new", self._go_new),
            (0.80, "rolled back", lambda: self._fleet.change_to("old", "old")),
            (1.00, "new again", self._go_new),
        )
        begins = 0.0
        for ends, name, enter in phases:
            # Calls come all the time: while a phase is entered, too.
            self._allow((begins + ends) / 2)
            enter()
            self._allow(ends)
            while self._read("sent") < ends * self._calls:
                self._pause()
            self._say(
                f"{self._side}: {name}: {self._read('sent')} sent, {self._read('told')} told of an error"
            )
            begins = ends

    def _allow(self, share: float) -> None:
        """Let the callers send up to this share of their calls."""
        aside = self._folder / "allowed.aside"
        aside.write_text(str(share))
        aside.rename(self._folder / "allowed")

    def _go_new(self) -> None:
        self._fleet.change_to("new", "new")
        self._replay()

    def _wait_for_answers(self) -> None:
        self._is_settled = True
        news, since = self._news(), time.monotonic()
        while not self._is_over(news):
            self._pause()
            latest = self._news()
            if latest != news:
                news, since = latest, time.monotonic()
            elif time.monotonic() - since > QUIET:
                return

    def _news(self) -> tuple[int, int, int]:
        return self._read("sent"), self._read("open"), self._read("told")

    def _is_over(self, news: tuple[int, int, int]) -> bool:
        return news == (self._calls, 0, 0)

    def _pause(self) -> None:
        if time.monotonic() > self._ends:
            raise TimeoutError(f"the storm took more than {AT_MOST:.0f} s; see {self._folder}")
        time.sleep(0.3)
        self._fleet.tend()
        if self._is_settled and time.monotonic() % 3 < 0.3:
            self._replay()

    def _replay(self) -> None:
        """What the operator does when workers are up that serve what was refused."""
        if self._side == "kept":
            with self._quarantine() as quarantine:
                self._replayed += len(quarantine.replay(lambda kept: True).sent)

    def _count_kept(self) -> int:
        if self._side != "kept":
            return 0
        with self._quarantine() as quarantine:
            return len(quarantine.look())

    def _quarantine(self) -> Quarantine:
        app = Celery("operator", broker=self._broker.url, backend=self._broker.backend, set_as_current=False)
        return Quarantine(app)

    def _start_caller(self, place: int) -> subprocess.Popen[bytes]:
        share = self._calls // len(VERSIONS) + (place < self._calls % len(VERSIONS))
        name, version = f"caller{place}", VERSIONS[place]
        arguments = [str(self._folder), name, str(version), str(share), self._side]
        with (self._folder / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "tests.storm.caller", *arguments],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def _read(self, what: str) -> int:
        reports: list[dict[str, Any]] = [
            json.loads(file.read_text()) for file in self._folder.glob("*.report")
        ]
        return sum(report[what] for report in reports)


def _wait(caller: subprocess.Popen[bytes]) -> None:
    try:
        caller.wait(60)
    except subprocess.TimeoutExpired:
        caller.kill()
        caller.wait(10)
