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
    from taskcontract.provider.safety_net.envelope import Envelope

__all__ = ["Gate"]


class Gate:
    """Knows the declared tasks of an app, and decides for each message whether it is inside the contract."""

    def __init__(self, app: Celery) -> None:
        self._served: dict[str, tuple[Provider, Task[..., Any]]] = {
            task.wire_name: (provider, task)
            for provider in providers_of(app)
            for task in provider.service.tasks
        }

    def knows(self, name: str) -> bool:
        """Whether the bindings declare a task of this wire name."""
        return name in self._served

    def let_through(self, envelope: Envelope, message: Any, events: Any) -> None:
        """Count the call in the kombu `message`; a RefusedMessageError where it is not to be served.

        `events` is the worker's dispatcher, or None. Tasks without bindings are neither counted nor refused.
        """
        served = self._served.get(envelope.task)
        if served is None:
            return
        provider, task = served
        redelivered = bool((message.delivery_info or {}).get("redelivered"))
        provider.usage.count(task, envelope.headers, events, redelivered=redelivered)
        refusal = find_sunset(provider, task, envelope.id) or _find_outside(task, envelope)
        if refusal is not None:
            raise refusal


def _find_outside(task: Task[..., Any], envelope: Envelope) -> RefusedMessageError | None:
    """The refusal of arguments that the declared signature does not take."""
    try:
        task.binder.decode_call(envelope.args, envelope.kwargs)
    except (ArgumentTypeError, ArgumentValueError) as error:
        newer = read_header(envelope.headers).version
        said = f" (its caller has version {newer})" if newer and newer != task.version else ""
        return RefusedArgumentsError(f"{error.what}{said}", f"{task.id}", error.do)
    except (TypeError, ValueError) as error:  # values or names that JSON does not have
        return RefusedArgumentsError(f"its arguments cannot be read: {error}", f"{task.id}")
    return None
