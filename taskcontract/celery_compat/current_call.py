"""The call that this worker's thread serves now, with what it calls directly.

Private: `celery._state._task_stack` and `Task.request_stack`. They say which calls stand one within the
other. Without the first, the innermost call alone is known (`celery.current_task`); without the second,
of each task its innermost request (`task.request`). Then a value that is carried by an outer call is found
only where the call that was made directly within it has it, too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["current_requests"]


def current_requests() -> Iterator[Any]:
    """Yield Celery's requests of the call that is served here, innermost first, with what it calls directly.

    There are several of one call where a base class's `__call__` hands on what it was given.
    """
    served = None
    for task in _current_tasks():
        for request in _requests_of(task):
            if served not in (None, request.id):
                return
            yield request
            served = None if request.called_directly else request.id


def _current_tasks() -> list[Any]:
    from celery import _state, current_task

    tasks: Any = getattr(_state, "_task_stack", None)
    if tasks is None:
        return [current_task] if current_task else []
    return list(reversed(tasks.stack))


def _requests_of(task: Any) -> list[Any]:
    requests = getattr(task, "request_stack", None)
    return [task.request] if requests is None else list(reversed(requests.stack))
