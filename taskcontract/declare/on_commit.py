"""Sending a call when Django's transaction commits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.sending import prepare
from taskcontract.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.declare.protocols import TaskLike


__all__ = ["send_on_commit"]


def send_on_commit(
    task: TaskLike[Any], args: Sequence[Any], kwargs: Mapping[str, Any], options: Mapping[str, Any]
) -> None:
    """Check the call as it is now; it is sent by Django's `transaction.on_commit`, or not after a rollback.

    What it carries is asked for now too: the request that it is for may be over by then.
    """
    try:
        from django.db import transaction  # type: ignore[import-not-found,import-untyped,unused-ignore]
    except ImportError:
        raise ArgumentTypeError(
            f"{task.id} is to be sent when a transaction commits, and Django is not installed here",
            do=f"Send it with {task.__name__}.delay(...), or from where you know of the commit.",
        ) from None
    transaction.on_commit(prepare(task, args, kwargs, options))
