"""Waiting for a condition, for a while."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["wait_until"]

T = TypeVar("T")


def wait_until(find: Callable[[], T], seconds: float = 30) -> T:
    """The first value of `find` that counts as true; fails with the last one when the time is over."""
    deadline = time.monotonic() + seconds
    while not (found := find()):
        assert time.monotonic() < deadline, found
        time.sleep(0.05)
    return found
