"""Letting two steps happen together, whatever the operator presses."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["holding_signals"]


@contextmanager
def holding_signals() -> Iterator[None]:
    """Hold SIGINT and SIGTERM back until the block has ended: sent and not taken off would be sent again."""
    held = {signal.SIGINT, signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, held)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
