"""The Celery app that a service's calls go through, and the name of who calls."""

from __future__ import annotations

import os
import warnings
from typing import TYPE_CHECKING, Any

from celery.app import app_or_default

from taskcontract.declare.failures.transport import carry_errors
from taskcontract.declare.header import CONSUMER_VARIABLE
from taskcontract.errors import NoAppWarning
from taskcontract.frames import find_call_site

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.protocols import ServiceLike, TaskLike


__all__ = ["app_of", "consumer_of", "describe_app", "warn_of_no_app"]

FALLBACK = "default"
"""The name of the app that Celery makes where there is none."""


def app_of(task: TaskLike[Any]) -> Celery:
    """Return the Celery app of `task`'s service, or the current one; it carries the service's errors."""
    app = task.service.app or app_or_default()
    carry_errors(app, task.service)
    return app


def warn_of_no_app(service: ServiceLike, app: Celery) -> None:
    """Give one NoAppWarning for `service` where `app` is Celery's makeshift and nothing names a broker."""
    conf: Any = app.conf
    if app.main != FALLBACK or service.told_of_no_app or conf.broker_write_url:
        return
    site = find_call_site()
    warnings.warn_explicit(
        f"calls of {service.name} have no Celery app to go through here: they go to Celery's default, "
        f"amqp://guest@localhost. Say {service.name}.use(app) with yours, once where the process starts, "
        f"or set CELERY_BROKER_URL.",
        NoAppWarning,
        filename=site.f_code.co_filename,
        lineno=site.f_lineno,
        module=site.f_globals.get("__name__", ""),
    )
    service.told_of_no_app = True


def consumer_of(task: TaskLike[Any], app: Celery) -> str:
    """Return the name of the calling service: said to `Service.use`, in the environment, or the app's."""
    named = task.service.consumer or os.environ.get(CONSUMER_VARIABLE)
    if named:
        return named
    return app.main if app.main and app.main not in ("__main__", FALLBACK) else ""


def describe_app(app: Celery) -> str:
    """Return `the Celery app 'checkout'`, for a message."""
    if app.main == FALLBACK:
        return "Celery's makeshift app (no other was made in this process or thread)"
    return f"the Celery app {app.main!r}" if app.main else "a Celery app without a name"
