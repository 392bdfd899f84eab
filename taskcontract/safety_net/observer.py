"""Counting the calls of tasks that no bindings declare: who sends them, and of which shape; none is refused.

Celery's signal says which call was received, with its arguments decoded already, whichever class the worker's
consumer has. Calls of declared tasks are counted by their providers, which know their versions.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from celery import bootsteps, signals

from taskcontract.declare.serving import find_providers
from taskcontract.errors import DeclarationError
from taskcontract.usage import UsageCounter, store_for

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["find_observed_service", "install_observer"]

logger = logging.getLogger("taskcontract.usage")

ATTRIBUTE = "taskcontract_observer"
UNNAMED = "celery"
"""Under which name the tasks of an app without a name are counted."""

MOST_NAME = 200

OURS = ("celery.", "taskcontract.")
"""How the names of tasks begin that no project calls by itself."""


def install_observer(app: Celery, *, service: str = "") -> None:
    """Count the calls that the workers of `app` receive, and of which shape each is; needs no bindings.

    Who called which task with how many arguments, which keywords and which types of JSON; no value is kept.
    Nothing else is changed: what the worker cannot serve is Celery's affair (`install_safety_net` keeps it,
    and observes, too). `taskcontract usage --shapes --app APP` shows the counts. They are kept by the name
    `service`, by default the app's own: give several apps that share a Redis names of their own. Call it
    before the worker starts.
    """
    if service and not (service.isprintable() and len(service) <= MOST_NAME):
        raise DeclarationError(
            f"service={service!r} is no name to count by",
            do=f"Give at most {MOST_NAME} printable characters.",
        )
    known: Observer | None = getattr(app, ATTRIBUTE, None)
    if known is None:
        setattr(app, ATTRIBUTE, Observer(app, service or find_observed_service(app)))
        steps: Any = app.steps
        steps["worker"].add(ObserverStep)
    elif service:
        known.counter.service = service


def find_observed_service(app: Celery) -> str:
    """Return the name by which the undeclared tasks of `app` are counted."""
    known: Observer | None = getattr(app, ATTRIBUTE, None)
    return known.counter.service if known is not None else app.main or UNNAMED


class Observer:
    """Counts in the workers of one app."""

    def __init__(self, app: Celery, service: str) -> None:
        self.counter = UsageCounter(service, lambda: store_for(app))
        self._declared: frozenset[str] = frozenset()

    def start(self, app: Celery) -> None:
        """Note that calls are counted from now on, and which are counted elsewhere."""
        self._declared = frozenset(
            name
            for provider in find_providers(app)
            for task in provider.service.tasks
            for name in task.wire_names
        )
        self.counter.start()

    def count(self, request: Any) -> None:
        """Count the call that Celery's worker makes a `request` of."""
        name = request.task.name
        if name in self._declared or name.startswith(OURS):
            return
        redelivered = bool((request.delivery_info or {}).get("redelivered"))
        headers = request.message.headers
        self.counter.count_plain(name, headers, request.args, request.kwargs, redelivered=redelivered)


class ObserverStep(bootsteps.StartStopStep):
    """Between the making of the pool, whose processes must not inherit a thread of ours, and the consumer."""

    label = "taskcontract.observer"
    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        """Note since when calls are counted."""
        getattr(parent.app, ATTRIBUTE).start(parent.app)

    def stop(self, parent: Any) -> None:
        """Write what is counted and not yet written."""
        getattr(parent.app, ATTRIBUTE).counter.stop()

    def terminate(self, parent: Any) -> None:
        """Do the same where the worker does not wait for its tasks."""
        self.stop(parent)


@signals.task_received.connect
def _count(sender: Any = None, request: Any = None, **_: object) -> None:
    """Count a call where the app is observed; whatever comes of it, the worker serves the call."""
    observer: Observer | None = getattr(getattr(sender, "app", None), ATTRIBUTE, None)
    if observer is None:
        return
    try:
        observer.count(request)
    except Exception:  # one call's fault, which is served all the same
        logger.debug("a call is not counted", exc_info=True)
