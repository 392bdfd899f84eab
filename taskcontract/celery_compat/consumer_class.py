"""The class that a worker makes its consumer of, and what of Celery's own is replaced in it.

Undocumented: `WorkController.consumer_cls`, which the worker reads when its consumer is made, after the
steps before it; and the methods of `celery.worker.consumer.Consumer` in HOOKS, through which each message
goes that Celery cannot serve. Without one of them messages would be lost: the worker does not start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.worker.consumer import Consumer

from taskcontract.celery_compat.lacking import say_lacking

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HOOKS", "replace_consumer_class"]

HOOKS = (
    "connection_for_read",
    "create_task_handler",
    "ensure_connected",
    "on_close",
    "on_decode_error",
    "on_invalid_task",
    "on_unknown_message",
    "on_unknown_task",
    "reset_rate_limits",
    "shutdown",
    "update_strategies",
)


def replace_consumer_class(worker: Any, replace: Callable[[Any], type[Consumer]]) -> None:
    """Let the Celery `worker`, whose consumer is not made yet, make it of what `replace` gives for its class.

    A TypeError where that cannot be.
    """
    lacking = say_lacking(worker, "consumer_cls") or say_lacking(Consumer, *HOOKS)
    if lacking:
        raise TypeError(lacking)
    worker.consumer_cls = replace(worker.consumer_cls)
