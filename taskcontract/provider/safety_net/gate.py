"""What a worker does not serve, though it knows the task: each reason is one question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.header import read_header
from taskcontract.errors import (
    ArgumentTypeError,
    ArgumentValueError,
    RefusedArgumentsError,
    RefusedMessageError,
)
from taskcontract.provider.provider import providers_of
from taskcontract.provider.sunset import find_sunset

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.task import Task
    from taskcontract.provider.provider import Provider

__all__ = ["Gate"]


class Gate:
    """Knows the declared tasks of an app, and decides for each message whether it is inside the contract."""

    def __init__(self, app: Celery) -> None:
        self._served: dict[str, tuple[Provider, Task[..., Any]]] = {
            task.wire_name: (provider, task)
            for provider in providers_of(app)
            for task in provider.service.tasks
        }

    def let_through(self, message: Any, events: Any) -> RefusedMessageError | None:
        """Count the call in this kombu `message`, and give the reason if it is not to be served.

        `events` is the worker's dispatcher, or None. Tasks without bindings are neither counted nor refused.
        """
        headers = message.headers
        name = headers.get("task") if isinstance(headers, dict) else None
        served = self._served.get(name) if isinstance(name, str) else None
        if served is None:
            return None
        provider, task = served
        provider.usage.count(task, headers, events)
        return find_sunset(provider, task, str(headers.get("id"))) or _find_outside(task, message)


def _find_outside(task: Task[..., Any], message: Any) -> RefusedMessageError | None:
    """The refusal of arguments that the declared signature does not take."""
    try:
        args, kwargs, _ = message.payload
        task.binder.decode_call(args, kwargs)
    except (ArgumentTypeError, ArgumentValueError) as error:
        newer = read_header(message.headers).version
        said = f" (its caller has version {newer})" if newer and newer != task.version else ""
        return RefusedArgumentsError(f"{error.what}{said}", f"{task.id}", error.do)
    except Exception:  # an undecodable or odd body is Celery's to refuse, which we catch there
        return None
    return None
