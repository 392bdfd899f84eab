"""Telling those who wait in a thread of its own: a result store that hangs holds up nobody else."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taskcontract.celery_compat.any_message import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LONGEST_PAUSE", "MOST_UNTOLD", "PropagationThread"]

logger = logging.getLogger("taskcontract.safety_net")

MOST_UNTOLD = 1000
"""Refused messages whose callers may be waiting to be told at once."""

A_MOMENT = 0.05
"""Seconds that who adds one waits for it, so that a flood fills no queue while the store is well."""

TOLD_WITHIN = 3600
"""Seconds after which one that fails is given up."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds between two attempts while the result store is away: at first, and at most."""

IDLE = 10.0
"""Seconds without work after which the thread ends; the next refused message starts another one."""


@dataclass(frozen=True, slots=True, eq=False)
class Telling:
    """What is to be done, what the log calls it, and since when it waits (a monotonic time in seconds)."""

    name: str
    tell: Callable[[], None]
    since: float = field(default_factory=lambda: time.monotonic())


class PropagationThread:
    """Tells of one refused message after the other, in a thread that is there while there are any.

    What fails is tried again behind the others, so that one which no store takes keeps nobody from being
    told; while all fail, less and less often.
    """

    def __init__(self) -> None:
        self._waiting: deque[Telling] = deque()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def add(self, name: str, tell: Callable[[], None]) -> None:
        """Call `tell` behind those that wait; the log calls it `name`.

        Where nothing waits, that is given a moment. Where too much does, nobody is told, as the log says.
        """
        with self._change:
            if len(self._waiting) >= MOST_UNTOLD:
                logger.error("who waits for %s is not told: %d others wait to be told", name, MOST_UNTOLD)
                return
            self._waiting.append(Telling(name, tell))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="taskcontract-telling", daemon=True)
                self._thread.start()
            self._change.notify_all()
            if len(self._waiting) == 1:
                self._change.wait_for(lambda: not self._waiting, A_MOMENT)

    def close(self, seconds: float) -> None:
        """Give those that wait so many seconds, and say in the log who was not told."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()
            self._change.wait_for(lambda: not self._waiting, seconds)
            for telling in self._waiting:
                logger.error("who waits for %s was not told before the worker ended", telling.name)
            self._waiting.clear()
            self._change.notify_all()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while (telling := self._next()) is not None:
            failure = _try(telling)
            with self._change:
                if telling not in self._waiting:  # the worker has ended
                    continue
                self._waiting.remove(telling)
                if failure is None:
                    pause = FIRST_PAUSE
                    self._change.notify_all()
                    continue
                self._put_off(telling, failure, pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _put_off(self, telling: Telling, failure: Exception, pause: float) -> None:
        """Have it tried again, unless that was done for long enough, and pause; less if the worker ends."""
        why = str(failure) or repr(failure)
        if time.monotonic() - telling.since > TOLD_WITHIN:
            logger.error("who waits for %s is not told, after %d s: %s", telling.name, TOLD_WITHIN, why)
        else:
            logger.error("who waits for %s is not told yet; again in %d s: %s", telling.name, pause, why)
            self._waiting.append(telling)
        was_closed = self._is_closed
        self._change.wait_for(lambda: self._is_closed != was_closed or not self._waiting, pause)

    def _next(self) -> Telling | None:
        """The first of those that wait; None, and the thread ends, where none comes for a while."""
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._is_closed, IDLE)
            if self._waiting:
                return self._waiting[0]
            self._thread = None
            return None


def _try(telling: Telling) -> Exception | None:
    """Why the result store could not be told; None where all is done that can be."""
    try:
        telling.tell()
    except MALFORMED:  # no attempt goes better than the first
        logger.exception("who waits for %s cannot be told", telling.name)
    except Exception as failure:  # whatever the result store raises
        return failure
    return None
