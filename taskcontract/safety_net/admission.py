"""What a worker does not serve, though it knows the task: each reason is one question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import unload
from taskcontract.declare.header import read_header
from taskcontract.declare.serving import find_providers
from taskcontract.errors import (
    ArgumentTypeError,
    ArgumentValueError,
    DeclarationError,
    RefusedArgumentsError,
    RefusedMessageError,
    SunsetError,
)
from taskcontract.model.version import parse_version
from taskcontract.safety_net.quarantine.secret_parameters import SecretsOfServices
from taskcontract.safety_net.shown_secrets import hide_in_canvas, hide_in_headers

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.serving import ServiceProvider
    from taskcontract.declare.task import Task
    from taskcontract.safety_net.envelope import Envelope

__all__ = ["Admission", "check_arguments"]


class Admission:
    """Knows the declared tasks of an app, and decides for each message whether it is inside the contract."""

    def __init__(self, app: Celery) -> None:
        self._served: dict[str, tuple[ServiceProvider, Task[..., Any]]] = {
            name: (provider, task)
            for provider in find_providers(app)
            for task in provider.service.tasks
            for name in task.wire_names
        }
        self._secrets = SecretsOfServices(provider.service for provider in find_providers(app))

    def knows(self, name: str) -> bool:
        """Return whether the bindings declare a task of this wire name."""
        return name in self._served

    def explain_skew(self, refusal: RefusedMessageError, name: str, headers: Any) -> RefusedMessageError:
        """Return `refusal` of a call of `name`, with its caller's version where this worker has another one.

        Where the caller is newer, it says what to do: whatever the call was refused for (an argument, a
        value, a content type), a newer worker may take it.
        """
        served = self._served.get(name)
        said = read_header(headers).version
        if served is None or isinstance(refusal, SunsetError) or said in ("", served[1].version):
            return refusal
        task = served[1]
        what = f"{refusal.what} (its caller has version {said}, this worker {task.version})"
        do = f"Deploy the workers that serve {task.name}@{said}, then `taskcontract quarantine replay`."
        return type(refusal)(what, refusal.where, do if _is_newer(said, task.version) else refusal.do)

    def let_through(self, envelope: Envelope, message: Any, events: Any) -> None:
        """Count the call in the kombu `message`; a RefusedMessageError where it is not to be served.

        `events` is the worker's dispatcher, or None. Tasks without bindings are not refused; an observer
        counts them, once Celery has taken them.
        """
        served = self._served.get(envelope.task)
        if served is None:
            if envelope.task.startswith("celery."):
                hide_in_canvas(self._secrets, envelope, message)
            return
        provider, task = served
        hide_in_headers(task, envelope, message)
        redelivered = bool((message.delivery_info or {}).get("redelivered"))
        provider.count_call(
            task,
            envelope.headers,
            events,
            name=envelope.task,
            args=envelope.args,
            kwargs=envelope.kwargs,
            redelivered=redelivered,
        )
        refusal = provider.find_refusal(task, envelope.id) or _find_outside(task, envelope)
        if refusal is not None:
            raise refusal


def check_arguments(task: Task[..., Any], envelope: Envelope) -> None:
    """Raise what refuses the arguments of a call of `task`, or what it carries.

    An ArgumentTypeError or ArgumentValueError where the declared signature does not take them, a TypeError
    or ValueError for values or names that JSON does not have.
    """
    kwargs = unload(task.service.carries, envelope.kwargs, envelope.headers)
    task.binder.decode_call(envelope.args, kwargs)


def _find_outside(task: Task[..., Any], envelope: Envelope) -> RefusedMessageError | None:
    """Return the refusal of arguments that the declared signature does not take, or of carried values."""
    try:
        check_arguments(task, envelope)
    except (ArgumentTypeError, ArgumentValueError) as error:
        return RefusedArgumentsError(error.what, f"{task.id}", error.do)
    except (TypeError, ValueError) as error:
        return RefusedArgumentsError(f"its arguments cannot be read: {error}", f"{task.id}")
    return None


def _is_newer(said: str, version: str) -> bool:
    try:
        return parse_version(said) > parse_version(version)
    except DeclarationError:  # a sender may write anything into the header
        return False
