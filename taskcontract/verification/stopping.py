"""Inside the worker's process: a warm stop that does not wait for the next message."""

from __future__ import annotations

import os
from typing import Any

from celery.worker import state

__all__ = ["Stopper"]


class Stopper:
    """Stops this process's worker, from any thread; its event loop is woken by a pipe."""

    def __init__(self) -> None:
        self._read_end, self._write_end = os.pipe()

    def watch(self, consumer: Any) -> None:
        """Wake `consumer`'s event loop on a stop; transports without one poll often enough."""
        if consumer.hub is not None:
            consumer.hub.add_reader(self._read_end, os.read, self._read_end, 1)

    def stop(self) -> None:
        """Let the worker finish what it runs, and end."""
        flags: Any = state
        flags.should_stop = 0
        os.write(self._write_end, b".")
