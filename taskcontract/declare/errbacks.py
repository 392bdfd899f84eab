"""Errbacks: Celery sends the id of the failed call to them, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import without_keywords
from taskcontract.errors import ArgumentTypeError, ArgumentValueError

if TYPE_CHECKING:
    from taskcontract.declare.protocols import TaskLike

__all__ = ["require_errbacks"]

SOME_ID = "00000000-0000-0000-0000-000000000000"


def require_errbacks(given: Any) -> None:
    """Raise an ArgumentTypeError for a signature of a declared task that cannot be an errback.

    It would be found out when a call fails, in the quarantine. `given` is what Celery's `link_error` takes:
    a signature, or several. Those of tasks without bindings are Celery's.
    """
    for signature in given if isinstance(given, (list, tuple)) else [given]:
        task: TaskLike[Any] | None = getattr(signature, "binding", None)
        if task is None or signature.many:  # a map's calls are complete
            continue
        args = tuple(signature.args)
        if not signature.immutable:
            args = (SOME_ID, *args)
        try:
            task.binder.decode_call(args, without_keywords(task.service.carries, signature.kwargs))
        except (ArgumentTypeError, ArgumentValueError) as refusal:
            raise ArgumentTypeError(
                f"{task.id} cannot be an errback: {refusal.what}",
                where=refusal.where,
                do="Celery sends an errback the id of the failed call, in front of its arguments: declare a "
                "parameter for it, or give all arguments with si(...).",
            ) from None
