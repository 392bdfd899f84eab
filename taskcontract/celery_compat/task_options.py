"""The options that a Celery task's calls have unless they say otherwise: queue, serializer, expiry, ...

Private: `Task._get_exec_options`. Without it the task's attributes of these names are read.
"""

from __future__ import annotations

from typing import Any

__all__ = ["options_of"]

NAMES = (
    "queue",
    "routing_key",
    "exchange",
    "priority",
    "expires",
    "serializer",
    "delivery_mode",
    "compression",
    "time_limit",
    "soft_time_limit",
    "immediate",
    "mandatory",
)


def options_of(celery_task: Any) -> dict[str, Any]:
    """Return what `apply_async` of the task sends besides what it is given; none where the task is None."""
    if celery_task is None:
        return {}
    find = getattr(celery_task, "_get_exec_options", None)
    found = {name: getattr(celery_task, name, None) for name in NAMES} if find is None else find()
    return {name: value for name, value in (found or {}).items() if value is not None}
