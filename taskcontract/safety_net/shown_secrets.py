"""Hides the values of secret parameters in what a worker shows of its calls.

Celery's events, logs and errors print the texts of the arguments in a message's headers; who sends a task by
its name has them written by Celery, which knows of no secrets. `celery inspect` shows the arguments of a
worker's calls, and the pool's debug log their bodies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.utils.imports import symbol_by_name

from taskcontract.celery_compat.pool_log import hide_bodies
from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.describe import HIDDEN
from taskcontract.declare.serving import find_providers
from taskcontract.safety_net.quarantine.hiding import hide_in_call
from taskcontract.safety_net.quarantine.secret_parameters import SecretsOfServices

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.task import Task
    from taskcontract.safety_net.envelope import Envelope

__all__ = ["hide_from_inspection", "hide_in_canvas", "hide_in_headers"]

MARK = "taskcontract_hides_secrets"
OF_MANY_CALLS = ("celery.map", "celery.starmap", "celery.accumulate")
"""Tasks of Celery's own whose results are those of other tasks, or what they are given."""


def hide_in_headers(task: Task[..., Any], envelope: Envelope, message: Any) -> None:
    """Rewrite the texts in the headers of the kombu `message` if its `task` has secrets."""
    text = task.binder.text
    if text.has_secrets:
        own = without_keywords(task.service.carries, envelope.kwargs)
        message.headers.update(argsrepr=text.of_args(envelope.args), kwargsrepr=text.of_kwargs(own))


def hide_in_canvas(known: SecretsOfServices, envelope: Envelope, message: Any) -> None:
    """Rewrite the texts of a task of Celery's own if a canvas in its arguments has `known` secrets."""
    if hide_in_call(envelope.task, envelope.args, envelope.kwargs, known) is not None:
        message.headers.update(argsrepr=f"({HIDDEN},)", kwargsrepr=f"{{{HIDDEN}}}")


def hide_from_inspection(app: Celery) -> None:
    """Hide the secrets of the tasks of `app`; before the worker makes its strategies."""
    services = [provider.service for provider in find_providers(app)]
    known = SecretsOfServices(services)
    if known.has_any:
        hide_bodies()
        for task in app.tasks.values():
            task.Request = _find_hiding(symbol_by_name(task.Request), known)
    if known.has_any or any(task.binder.result.holds_secrets for each in services for task in each.tasks):
        for name in OF_MANY_CALLS:
            app.tasks[name].resultrepr_maxsize = 0  # in Celery's line and event on a success


def _find_hiding(base: Any, known: SecretsOfServices) -> Any:
    """Return the request class `base`, which is the project's own or Celery's, with secrets hidden."""
    if getattr(base, MARK, False):
        base = base.__base__

    def info(self: Any, safe: bool = False) -> dict[str, Any]:
        told: dict[str, Any] = base.info(self, safe)
        shown = None if safe else hide_in_call(str(told.get("type")), told["args"], told["kwargs"], known)
        return told if shown is None else {**told, "args": shown[0], "kwargs": shown[1]}

    return type(base.__name__, (base,), {"info": info, MARK: True, "__module__": base.__module__})
