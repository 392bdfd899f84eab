"""Inside the worker's process: what its app serves."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from taskcontract.declare.serving import find_providers
from taskcontract.verification.states.worker_capabilities import (
    StateCapability,
    TaskCapability,
    WorkerCapabilities,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from celery import Celery

    from taskcontract.declare.service import Service

__all__ = ["describe_capabilities", "queues_of", "services_of"]


def services_of(app: Celery, bindings: Iterable[str]) -> tuple[Service, ...]:
    """Return the services that `app` serves, or that the modules `bindings` declare."""
    found = [provider.service for provider in find_providers(app)]
    for name in bindings:
        found += services_in(name)
    return tuple(dict.fromkeys(found))


def services_in(module: str) -> list[Service]:
    """Return the services that a bindings module declares."""
    from taskcontract.declare.service import Service

    return [value for value in vars(import_module(module)).values() if isinstance(value, Service)]


def queues_of(app: Celery, services: Iterable[Service]) -> tuple[str, ...]:
    """Return the queues that a worker of `app` consumes in production; none if nothing names them."""
    names = {task.queue for service in services for task in service.tasks if task.queue}
    names |= {service.queue for service in services if service.queue}
    declared: Any = app.conf.task_queues or ()
    names |= {queue if isinstance(queue, str) else queue.name for queue in declared}
    return tuple(sorted({*names, app.conf.task_default_queue})) if names else ()


def describe_capabilities(
    app: Celery, services: tuple[Service, ...], queues: tuple[str, ...], *, holds: int = 0
) -> WorkerCapabilities:
    """Return what the worker of `app` serves; it holds so many calls back that are sent before their turn."""
    tasks = [task for service in services for task in service.tasks]
    versions = {name: task.version for task in tasks for name in task.wire_names}
    return WorkerCapabilities(
        tasks=tuple(
            TaskCapability(name, versions.get(name), bool(task.ignore_result))
            for name, task in sorted(app.tasks.items())
            if not name.startswith(("celery.", "taskcontract."))
        ),
        states=tuple(
            StateCapability(state.name, state.where, state.touches, state.defaults)
            for provider in find_providers(app)
            for state in provider.states.declared
        ),
        queues=queues,
        default_queue=app.conf.task_default_queue,
        services=tuple(sorted(service.name for service in services)),
        versions={service.name: service.version for service in services if service.tasks},
        holds=holds,
    )
