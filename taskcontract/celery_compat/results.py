"""Results of tasks, as they are read and waited for.

Private: `AsyncResult._get_task_meta`, through which all that is read of a result goes. Without it
`before_reading` is not called where a state or a traceback is read, so that a missing result store is
Celery's error instead of ours there; values are read from the store itself.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from celery.result import AsyncResult

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HookedResult", "take_replies"]


class HookedResult(AsyncResult):  # type: ignore[type-arg]  # a generic class since Celery 5.7 only
    """Celery's result, which calls `before_reading` each time before it is read."""

    def before_reading(self) -> None:
        """Raise where nothing can be read."""

    def read_meta(self) -> Mapping[str, Any]:
        """Return what the result store holds of the task: `status`, `result`, `traceback`, ..."""
        result: Any = self
        if hasattr(super(), "_get_task_meta"):
            found: Mapping[str, Any] = result._get_task_meta()
        else:
            self.before_reading()
            found = result.backend.get_task_meta(self.id)
        return found

    def _get_task_meta(self) -> Any:
        self.before_reading()
        return super()._get_task_meta()  # type: ignore[misc]


def take_replies(result: Any) -> None:
    """Read what has come by RPC for this thread until `result` is there; without waiting for more."""
    result.backend.add_pending_result(result)
    with suppress(TimeoutError):
        while not result.on_ready.ready:
            result.backend.result_consumer.drain_events(timeout=0.001)
