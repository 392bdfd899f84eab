"""Queues of an app that are all of our own making, declared by the app or not.

Private: `celery.app.amqp.Queues._add`, through which each queue of an app goes. Without it calls would leave
for the app's own queues: importing this raises a ConfigError, so that no worker is started for a run.
"""

from __future__ import annotations

from typing import Any

from celery.app.amqp import Queues

from taskcontract.celery_compat.lacking import require

__all__ = ["ReplacedQueues"]

require(Queues, "_add", needed_for="keeping the queues of a run apart")


class ReplacedQueues(Queues):
    """Celery's table of an app's queues, which holds what `replace` makes of each."""

    def __init__(self, *args: Any, **options: Any) -> None:
        # Celery passes its options by position before 5.6, by name since then.
        super().__init__(*args, **options)
        self.default_exchange, self.create_missing = None, True

    def replace(self, queue: Any) -> Any:
        """Return the queue that takes the place of the app's `queue`."""
        return queue

    def _add(self, queue: Any) -> Any:
        own = self.replace(queue)
        if own.name not in self:
            self[own.name] = own
        return self[own.name]
