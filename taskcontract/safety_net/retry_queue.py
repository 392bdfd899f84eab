"""Refused messages that wait for something that is full or away."""

from __future__ import annotations

import logging
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from taskcontract.celery_compat.any_message import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.errors import RefusedMessageError

__all__ = ["LONGEST_TEXT", "LONGEST_WAIT", "Refused", "RetryQueue"]

logger = logging.getLogger("taskcontract.safety_net")

LONGEST_WAIT = 60
"""Seconds between two attempts, at most."""

LONGEST_TEXT = 500
"""Characters of an explanation that are logged or kept with a message: a name in it may be of any length."""

AT_ONCE = 50
"""Messages that are dealt with before others have their turn."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A kombu message, why it is refused, and when it was (a monotonic time in seconds)."""

    message: Any
    error: RefusedMessageError
    since: float = field(default_factory=lambda: time.monotonic())


class RetryQueue:
    """Does a step with each refused message, in order; while the step fails, they wait.

    Only the first of them is tried then, less and less often: what is away is not asked for each.
    `step` raises whatever it meets; `on_wait` is told of each message that has to wait. One that is itself
    the cause of the failure is left alone, not acknowledged, and the others go on.
    """

    def __init__(
        self, timer: Any, step: Callable[[Refused], None], on_wait: Callable[[Refused], None]
    ) -> None:
        self._timer = timer
        self._step = step
        self._on_wait = on_wait
        self._waiting: deque[Refused] = deque()
        self._planned: Any = None
        self._wait = 1

    def add(self, refused: Refused) -> None:
        """Do the step with `refused`, at once if nothing waits."""
        if not self._waiting:
            failure = self._try(refused)
            if failure is None:
                return
            self._plan(failure, refused)
        self._waiting.append(refused)
        self._on_wait(refused)

    def clear(self) -> None:
        """Forget those that wait."""
        self._waiting.clear()
        self._wait = 1
        if self._planned is not None:
            self._timer.cancel(self._planned)
            self._planned = None

    def _go_on(self) -> None:
        self._planned = None
        for _ in range(AT_ONCE):
            if not self._waiting:
                return
            failure = self._try(self._waiting[0])
            if failure is not None:
                self._plan(failure, self._waiting[0])
                return
            self._waiting.popleft()
        self._planned = self._timer.call_after(0.01, self._go_on)

    def _try(self, refused: Refused) -> Exception | None:
        try:
            self._step(refused)
        except MALFORMED:
            logger.exception("%s; it is left to the broker", refused.error.what[:LONGEST_TEXT])
            self._on_wait(refused)
        except Exception as failure:  # whatever it is (full, away, refused), it is not done
            return failure
        self._wait = 1
        return None

    def _plan(self, failure: Exception, refused: Refused) -> None:
        why = str(failure) or repr(failure)
        logger.error("%s; trying again in %d s: %s", refused.error.what[:LONGEST_TEXT], self._wait, why)
        self._planned = self._timer.call_after(self._wait, self._go_on)
        self._wait = min(self._wait * 2, LONGEST_WAIT)
