"""The errbacks of refused calls, as messages: they run in a pool, under its limits, and never beside it."""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any

from celery import Task, group
from celery.app.task import Context
from celery.exceptions import NotRegistered
from celery.utils.functional import arity_greater

from taskcontract.celery_compat.any_message import MALFORMED

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.errors import RefusedMessageError

__all__ = ["TASK", "add_errback_task", "send_errback"]

logger = logging.getLogger("taskcontract.safety_net")

TASK = "taskcontract.errback"
"""The task that calls an errback which takes more than an id: its arguments are no JSON."""

TRAVELLING = ("id", "task", "root_id", "parent_id", "group", "retries", "origin", "argsrepr", "kwargsrepr")
"""What of the request such an errback is given, where it is text or a number."""


def add_errback_task(app: Celery) -> None:
    """Let the workers of `app` call errbacks on behalf of each other; more than once is as good as once."""
    app.task(name=TASK, base=Task, bind=True, ignore_result=True, shared=False)(call_errback)


def call_errback(task: Any, errback: Any, request: Any, error: Any) -> None:
    """Declare the task that calls an errback as the worker does where a call fails."""
    signature: Any = task.app.signature(errback)
    signature(Context(request), task.app.backend.exception_to_python(error), None)


def send_errback(
    app: Celery, backend: Any, queue: str | None, ending: Any, errback: Any, error: RefusedMessageError
) -> None:
    """Send one errback of the task in the Context `ending`, which was refused with `error`.

    As Celery does, one that takes one argument, or that is not known here, is a task to be called with the
    id. The others are called by a task of ours in `queue`, which is consumed here (None: the default
    one). The error travels as the result store `backend` writes it. What is wrong with an errback is logged.
    """
    try:
        signature: Any = app.signature(errback)
        if _takes_error(signature):
            request = {name: getattr(ending, name, None) for name in TRAVELLING}
            plain = {name: value for name, value in request.items() if isinstance(value, (str, int))}
            form = backend.prepare_exception(error, "json")
            app.send_task(TASK, (errback, plain, form), queue=queue, ignore_result=True)
        else:
            origin = {"parent_id": ending.id, "root_id": ending.root_id or ending.id}
            group([signature], app=app).apply_async((ending.id,), **origin)
    except MALFORMED as fault:
        logger.error("an errback of %r cannot be called: %r", ending.id, fault)


def _takes_error(signature: Any) -> bool:
    """Return whether Celery would call it with the request, the error and the traceback.

    Of what it takes, the arguments that it has already do not count.
    """
    try:
        header = getattr(signature.type, "__header__", None)
    except NotRegistered:
        return False
    if header is None or isinstance(header, partial):
        return False
    if signature.immutable:
        return bool(arity_greater(header, 1))
    try:
        return bool(arity_greater(partial(header, *signature.args, **signature.kwargs), 1))
    except (TypeError, ValueError):  # arguments that it does not take
        return bool(arity_greater(header, 1))
