"""Honest calls of several kinds, and what each must answer."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from celery.exceptions import TimeoutError as NoAnswer

from tests.gauntlet import bindings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from celery import Celery

__all__ = ["LIMIT", "Asked", "ask", "find_troubles"]

LIMIT = 60.0
"""Seconds that a call may take: a killed worker's messages come again after fifteen of them on Redis."""

Asked = tuple[str, Any, int]
"""A call that was sent: its kind, its pending result, and what that must be."""


def ask(app: Celery, number: int) -> Asked:
    """Send the honest call of this number."""
    match number % 4:
        case 0:
            return "plain", app.send_task("add", (number, 1)), number + 1
        case 1:
            return "adapted", bindings.price.delay(number), number * 2
        case 2:
            return "new", bindings.price_v2.delay(number, 3), number * 3
        case _:
            chain: Any = app.signature("add", (number, 1)) | app.signature("add", (1,))
            return "chain", chain.apply_async(), number + 2


def find_troubles(asked: Sequence[Asked]) -> list[str]:
    """Wait for the answers; a line about each that is not right, or did not come in its time."""
    troubles = []
    for kind, result, expected in asked:
        try:
            answer = result.get(timeout=LIMIT, interval=0.02)
        except NoAnswer:
            troubles.append(f"{kind} {result.id}: {_wait_longer(result)}")
        except Exception as error:  # whatever a worker answered
            troubles.append(f"{kind} {result.id}: {error!r}")
        else:
            if answer != expected:
                troubles.append(f"{kind} {result.id}: {answer!r} instead of {expected}")
        finally:
            result.forget()
    return troubles


def _wait_longer(result: Any) -> str:
    """Whether a late answer came at all: a lost call is another fault than a slow one."""
    started = time.monotonic()
    try:
        result.get(timeout=LIMIT, interval=0.02)
    except NoAnswer:
        return f"no answer in {2 * LIMIT:.0f} s"
    return f"the answer came after {LIMIT + time.monotonic() - started:.0f} s"
