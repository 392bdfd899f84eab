"""In the worker: calls that were sent before their turn, held back until their states are set up."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HELD", "Gate"]

HELD = "taskcontract-held"
"""The header of a message that is sent before its turn. Whoever passes the gate has it no more."""
MOST_HELD = 4


class Gate:
    """Stands before a consumer's own handler of messages, in the thread of its event loop.

    `capacity` is how many may be held: so few that as many others as the pool has places for are fetched
    nevertheless. It is 0 where nothing could let them through: a consumer without an event loop.
    """

    def __init__(self, consumer: Any, concurrency: int) -> None:
        self.capacity = 0
        self._held: dict[str, tuple[Callable[[Any], Any], Any]] = {}
        self._decided: dict[str, bool] = {}
        if consumer.hub is None:
            return
        prefetched = consumer.initial_prefetch_count
        self.capacity = max(min(MOST_HELD, prefetched - concurrency), 0) if prefetched else MOST_HELD
        self._read_end, self._write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        make = consumer.create_task_handler

        def create_task_handler(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            self._held.clear()  # of a connection that is lost: they are delivered again
            consumer.hub.add_reader(self._read_end, self._let_through)
            return self._stand_before(make(*args, **kwargs))

        consumer.create_task_handler = create_task_handler

    def decide(self, task_id: str, *, run: bool) -> None:
        """Let a call through, now or when it comes, or drop it; from any thread."""
        self._decided[task_id] = run
        os.write(self._write_end, b".")

    def _stand_before(self, handle: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def on_message(message: Any) -> Any:
            headers = message.headers
            if not (isinstance(headers, dict) and headers.pop(HELD, None)):
                return handle(message)
            self._held[str(headers.get("id"))] = handle, message
            return self._let_through()

        return on_message

    def _let_through(self) -> None:
        with suppress(BlockingIOError):
            os.read(self._read_end, 1 << 10)
        for task_id in self._decided.keys() & self._held.keys():
            handle, message = self._held.pop(task_id)
            if self._decided.pop(task_id):
                handle(message)
            else:
                message.ack()
