"""Tell those who wait in a thread of its own, so that a result store that hangs delays nothing else."""

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
class Propagation:
    """What is to be done, what the log calls it, and since when it waits (a monotonic time in seconds)."""

    name: str
    run: Callable[[], None]
    since: float = field(default_factory=lambda: time.monotonic())


class PropagationThread:
    """Propagates the failures of refused messages, one by one, in a thread that lasts while there are any.

    What fails is tried again after the others, so that one which no store takes does not hold them up;
    while all fail, less and less often.
    """

    def __init__(self) -> None:
        self._waiting: deque[Propagation] = deque()
        self._change = threading.Condition()
        self._thread: threading.Thread | None = None
        self._is_closed = False

    def add(self, name: str, propagate: Callable[[], None]) -> None:
        """Call `propagate` after those that wait; the log calls it `name`.

        If nothing waits, it is given a moment to end. If too many wait, it is dropped, as the log says.
        """
        with self._change:
            if len(self._waiting) >= MOST_UNTOLD:
                logger.error("who waits for %s is not told: %d others wait to be told", name, MOST_UNTOLD)
                return
            self._waiting.append(Propagation(name, propagate))
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="taskcontract-propagation", daemon=True
                )
                self._thread.start()
            self._change.notify_all()
            if len(self._waiting) == 1:
                self._change.wait_for(lambda: not self._waiting, A_MOMENT)

    def close(self, seconds: float) -> None:
        """Wait up to `seconds` for the remaining ones, then log which failures were not propagated."""
        with self._change:
            self._is_closed = True
            self._change.notify_all()
            self._change.wait_for(lambda: not self._waiting, seconds)
            for propagation in self._waiting:
                logger.error("who waits for %s was not told before the worker ended", propagation.name)
            self._waiting.clear()
            self._change.notify_all()

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while (propagation := self._next()) is not None:
            failure = _try(propagation)
            with self._change:
                if propagation not in self._waiting:  # the worker has ended
                    continue
                self._waiting.remove(propagation)
                if failure is None:
                    pause = FIRST_PAUSE
                    self._change.notify_all()
                    continue
                self._put_off(propagation, failure, pause)
            pause = min(pause * 2, LONGEST_PAUSE)

    def _put_off(self, propagation: Propagation, failure: Exception, pause: float) -> None:
        """Have it tried again, unless that was done for long enough, and pause; less if the worker ends."""
        why = str(failure) or repr(failure)
        if time.monotonic() - propagation.since > TOLD_WITHIN:
            logger.error("who waits for %s is not told, after %d s: %s", propagation.name, TOLD_WITHIN, why)
        else:
            logger.error("who waits for %s is not told yet; again in %d s: %s", propagation.name, pause, why)
            self._waiting.append(propagation)
        was_closed = self._is_closed
        self._change.wait_for(lambda: self._is_closed != was_closed or not self._waiting, pause)

    def _next(self) -> Propagation | None:
        """Return the first that waits; None, which ends the thread, if none comes for a while."""
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._is_closed, IDLE)
            if self._waiting:
                return self._waiting[0]
            self._thread = None
            return None


def _try(propagation: Propagation) -> Exception | None:
    """Return why the result store failed; None if all is done that can be."""
    try:
        propagation.run()
    except MALFORMED:  # no attempt goes better than the first
        logger.exception("who waits for %s cannot be told", propagation.name)
    except Exception as failure:  # whatever the result store raises
        return failure
    return None
