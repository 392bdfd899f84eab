"""Sending a checked call through Celery."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeVar

from celery._state import get_current_app
from celery.canvas import Signature
from kombu.exceptions import EncodeError, OperationalError

from taskcontract import embedded
from taskcontract.declare.deprecation import warn_of_deprecated
from taskcontract.declare.header import CONSUMER_VARIABLE, make_header
from taskcontract.declare.known_queue import is_known_queue
from taskcontract.declare.result import Result
from taskcontract.errors import ArgumentTypeError, BrokerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from celery import Celery

    from taskcontract.declare.task import Task

__all__ = ["app_of", "make_signature", "send"]

R = TypeVar("R")

embedded.register()


def send(
    task: Task[Any, R], args: Sequence[Any], kwargs: Mapping[str, Any], options: dict[str, Any]
) -> Result[R]:
    """Check the call, publish it and give its result to wait for.

    `options` are Celery's `apply_async` options; they win over the task's own queue and serializer.
    """
    if task.deprecated is not None or task.sunset is not None:
        warn_of_deprecated(task)
    binder = task.binder
    args, kwargs = binder.encode_call(args, kwargs)
    app = app_of(task)
    sent = _options(task, app, options)
    sent["argsrepr"] = binder.text.of_args(args)
    sent["kwargsrepr"] = binder.text.of_kwargs(kwargs)

    def result_of(task_id: str) -> Result[R]:
        return Result(task_id, task=task, app=app)

    def publish() -> Result[R]:
        return app.send_task(task.wire_name, args, kwargs, result_cls=result_of, **sent)  # type: ignore[arg-type,return-value]

    try:
        if sent.keys() & {"producer", "publisher", "connection", "declare"}:
            return publish()
        with app.producer_or_acquire() as producer:
            sent["producer"] = producer
            if is_known_queue(app, sent.get("queue"), producer):
                sent["declare"] = ()
            return publish()
    except EncodeError as error:
        raise ArgumentTypeError(
            f"the arguments of {task.id} cannot be sent as {sent['serializer']}: {error}",
            do="Declare the parameters' types, so that they are checked and encoded.",
        ) from None
    except OperationalError as error:
        raise BrokerError(
            f"the broker does not take the call of {task.id}: {error}",
            where=app.connection_for_write().as_uri(),
            do="Start the broker, or point CELERY_BROKER_URL (or the app's broker_url) to one that runs.",
        ) from error


def make_signature(
    task: Task[Any, R], args: Sequence[Any], kwargs: Mapping[str, Any], *, immutable: bool
) -> Signature[R]:
    """A Celery signature of the checked, perhaps partial, call."""
    if task.deprecated is not None or task.sunset is not None:
        warn_of_deprecated(task)
    binder = task.binder
    encode = binder.encode_call if immutable else binder.encode_partial
    args, kwargs = encode(args, kwargs)
    app = app_of(task)
    options = _options(task, app, {})
    if binder.text.has_secrets or immutable:
        # Where values may come in front, only their number is known: at most the parent's result.
        options["argsrepr"] = binder.text.of_args(args) if immutable else "(..., ***)"
        options["kwargsrepr"] = binder.text.of_kwargs(kwargs)
    return Signature(
        task.wire_name, args=tuple(args), kwargs=dict(kwargs), options=options, immutable=immutable, app=app
    )


def app_of(task: Task[Any, Any]) -> Celery:
    """The Celery app that `task`'s service was told to use, or the current one."""
    return task.service.app or get_current_app()


def _options(task: Task[Any, Any], app: Celery, options: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {"serializer": task.serializer, **task.send_options}
    if task.queue is not None and not options.keys() & {"queue", "exchange", "routing_key"}:
        merged["queue"] = task.queue
    merged.update(options)
    if merged["serializer"] == "pickle":
        raise ArgumentTypeError(
            f"{task.id} cannot be sent as pickle: a worker that loads it runs the sender's code",
            do="Leave the serializer out, or use json.",
        )
    header = make_header(task.version, _consumer(task, app))
    merged["headers"] = {**options["headers"], **header} if options.get("headers") else header
    return merged


def _consumer(task: Task[Any, Any], app: Celery) -> str:
    """The name of the calling service: said to `Service.use`, in the environment, or the app's."""
    named = task.service.consumer or os.environ.get(CONSUMER_VARIABLE)
    if named:
        return named
    return app.main if app.main and app.main not in ("__main__", "default") else ""
