"""The texts of a call's arguments in its headers, which Celery's events, logs and errors print.

Who sends a task by its name has them written by Celery, which knows of no secrets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.cargo import without_keywords
from taskcontract.declare.describe import HIDDEN
from taskcontract.safety_net.quarantine.hiding import hide_in_call

if TYPE_CHECKING:
    from taskcontract.declare.task import Task
    from taskcontract.safety_net.envelope import Envelope
    from taskcontract.safety_net.quarantine.secret_parameters import SecretsOfServices

__all__ = ["hide_in_canvas", "hide_in_headers"]


def hide_in_headers(task: Task[..., Any], envelope: Envelope, message: Any) -> None:
    """Write the texts in the headers of the kombu `message` anew, if its `task` has secrets."""
    text = task.binder.text
    if text.has_secrets:
        own = without_keywords(task.service.carries, envelope.kwargs)
        message.headers.update(argsrepr=text.of_args(envelope.args), kwargsrepr=text.of_kwargs(own))


def hide_in_canvas(known: SecretsOfServices, envelope: Envelope, message: Any) -> None:
    """Write the texts of a task of Celery's own anew, if a canvas in its arguments has `known` secrets."""
    if hide_in_call(envelope.task, envelope.args, envelope.kwargs, known) is not None:
        message.headers.update(argsrepr=f"({HIDDEN},)", kwargsrepr=f"{{{HIDDEN}}}")
