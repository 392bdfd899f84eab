"""Bounds that only keep a test from hanging: the one place where tests measure time."""

from __future__ import annotations

import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["must_end", "wait_until"]

T = TypeVar("T")


def wait_until(find: Callable[[], T], seconds: float = 30, *, every: float = 0.05) -> T:
    """Give the first value of `find` that counts as true; fail with the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, f"not within {seconds} s; the last value was {found!r}"
        time.sleep(every)
    return found


@contextmanager
def must_end(seconds: float = 60) -> Iterator[None]:
    """Fail when the block runs for longer than `seconds`; for what would run for ever where it is wrong."""

    def fail(*_: object) -> None:
        raise AssertionError(f"it did not end within {seconds} s")

    before = signal.signal(signal.SIGALRM, fail)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
