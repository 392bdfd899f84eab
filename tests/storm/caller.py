"""One calling process: sends its share of the calls and waits for each result, whatever it is told meanwhile.

Run by the storm: python -m tests.storm.caller FOLDER NAME VERSION COUNT bare|kept
"""

from __future__ import annotations

import json
import math
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from celery import states
from kombu.exceptions import OperationalError

from taskcontract.errors import BrokerError, RefusedMessageError
from tests.storm.apps.settings import make_app
from tests.storm.outcome import Outcome
from tests.storm.plan import Planned, Signer, plan_call

if TYPE_CHECKING:
    from collections.abc import Iterable

WINDOW = 60
"""Calls under way at once. An old one counts no more: some are never answered on bare Celery."""
YOUNG = 5.0
AT_MOST = 900.0
"""Seconds: a caller whose storm has died ends by itself."""


class Caller:
    """What one caller has sent, and what it knows of it."""

    def __init__(self, folder: Path, name: str, version: int, count: int, side: str) -> None:
        self._folder = folder
        self._name = name
        self._version = version
        self._count = count
        self._app = make_app(name)
        bindings: Any = None
        if side == "kept":
            from tests.storm.apps import bindings_new, bindings_old

            bindings = bindings_old if version == 1 else bindings_new
            bindings.storm.use(self._app)
        self._signer = Signer(self._app, bindings)
        self._backend: Any = self._app.backend
        away: tuple[type[Exception], ...] = tuple(getattr(self._backend, "connection_errors", None) or ())
        self._errors: tuple[type[Exception], ...] = (OSError, OperationalError, BrokerError, *away)
        self._outcomes: list[Outcome] = []
        self._waited: dict[str, tuple[Outcome, Any]] = {}
        self._told: set[str] = set()
        self._sent_again = 0

    def run(self) -> None:
        """Send all, wait for all; end early where the storm says so."""
        ends = time.monotonic() + AT_MOST
        next_look = next_look_at_told = 0.0
        allowed = 0
        while time.monotonic() < ends and not (self._folder / "stop").exists():
            now = time.monotonic()
            if now >= next_look:
                self._look(self._waited.keys() - self._told)
                if now >= next_look_at_told:
                    self._look(self._told)
                    next_look_at_told = time.monotonic() + 2
                self._report()
                if len(self._outcomes) == self._count and not self._waited:
                    break
                allowed = self._count_allowed()
                next_look = time.monotonic() + 0.2
            if len(self._outcomes) < allowed and self._count_young() < WINDOW:
                self._send()
            else:
                time.sleep(0.02)
        self._look(list(self._waited))
        self._report()
        text = json.dumps([outcome.as_json() for outcome in self._outcomes])
        (self._folder / f"{self._name}.outcomes").write_text(text)

    def _count_allowed(self) -> int:
        """How many calls the storm's phase lets this caller send."""
        return math.ceil(float((self._folder / "allowed").read_text()) * self._count)

    def _count_young(self) -> int:
        since = time.monotonic() - YOUNG
        young = (outcome for outcome in reversed(self._outcomes[-4 * WINDOW :]) if outcome.sent_at > since)
        return sum(not outcome.is_over and not outcome.told for outcome in young)

    def _send(self) -> None:
        index = len(self._outcomes)
        while True:
            try:
                planned = plan_call(self._signer, index, self._version, self._name)
                break
            except self._errors:  # not taken by the broker: any caller knows, and tries again
                self._sent_again += 1
                if (self._folder / "stop").exists():
                    return
                time.sleep(0.2)
        self._remember(planned)

    def _remember(self, planned: Planned) -> None:
        outcome = Outcome(
            planned.name, planned.kind, planned.version, time.monotonic(), set(planned.expected)
        )
        self._outcomes.append(outcome)
        self._waited.update({task_id: (outcome, right) for task_id, right in planned.expected.items()})

    def _look(self, task_ids: Iterable[str]) -> None:
        """Read the results that are there; each is read afresh, as an error may be followed by more."""
        ids = list(task_ids)
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            try:
                found = self._backend.mget([self._backend.get_key_for_task(each) for each in some])
            except self._errors:
                return
            for task_id, data in zip(some, found, strict=True):
                if data is not None:
                    self._read(task_id, self._backend.decode_result(data))

    def _read(self, task_id: str, meta: dict[str, Any]) -> None:
        outcome, right = self._waited[task_id]
        if meta["status"] == states.SUCCESS:
            del self._waited[task_id]
            self._told.discard(task_id)
            outcome.settle(task_id, right=meta["result"] == right)
        elif meta["status"] in states.READY_STATES and task_id not in self._told:
            self._told.add(task_id)
            error = meta["result"]
            outcome.tell(task_id, repr(error), refused=isinstance(error, RefusedMessageError))

    def _report(self) -> None:
        report = {
            "sent": len(self._outcomes),
            "sent_again": self._sent_again,
            "open": len(self._waited) - len(self._told),
            "told": len(self._told),
        }
        aside = self._folder / f"{self._name}.aside"
        aside.write_text(json.dumps(report))
        aside.rename(self._folder / f"{self._name}.report")


if __name__ == "__main__":
    folder, name, version, count, side = sys.argv[1:]
    Caller(Path(folder), name, int(version), int(count), side).run()
