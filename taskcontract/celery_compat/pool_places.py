"""What Celery has noted of a message that it then failed to hand to its pool.

Undocumented: `celery.worker.state.requests` and `task_ready`, and `WorkController.semaphore`, of which each
call holds a place. Without the one, the call is told of as if it ran until the worker ends; without
the other, the worker has one place less. Both are harmless to every other message.
"""

from __future__ import annotations

from typing import Any

from celery.worker import state

__all__ = ["take_back"]


def take_back(worker: Any, task_id: Any) -> None:
    """Let the Celery `worker` forget that it has the call `task_id`, if it has noted it."""
    notes: Any = state
    request = getattr(notes, "requests", {}).get(task_id)
    if request is None:
        return
    if hasattr(notes, "task_ready"):
        notes.task_ready(request)
    places = getattr(worker, "semaphore", None)
    if places is not None:
        places.release()
