"""The running system that a command works on: the app, its broker and the services of this project."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.cli.services import add_to_path, name_bindings
from taskcontract.errors import BrokerError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from celery import Celery

    from taskcontract.declare.beat.entries import ScheduledCall
    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.model.config import Config

__all__ = [
    "System",
    "find_app",
    "find_declared_services",
    "find_declared_task",
    "find_queues",
    "find_scheduled",
    "find_systems",
    "nothing_counted",
]


class System(NamedTuple):
    """A running system: its app, and the configuration of each service of the project that it runs."""

    app: Celery
    parts: tuple[Config, ...]
    services: tuple[Service, ...] = ()


def find_app(
    config: Config, app: str | Celery | None = None, broker: str | None = None, backend: str | None = None
) -> Celery:
    """Return the app to look at: one of the `broker`'s URL, else `app`, else the configured one.

    Raises ConfigError where there is none, or where it cannot be imported.
    """
    from taskcontract import embedded

    embedded.register()
    if broker:
        from celery import Celery

        from taskcontract.servers import check_backend_url, check_broker_url

        check_broker_url(broker)
        if backend:
            check_backend_url(backend)
        return Celery("taskcontract", broker=broker, backend=backend, set_as_current=False)
    if app is not None and not isinstance(app, str):
        return app
    name = app or config.app
    if not name:
        raise ConfigError(
            "no app and no broker to look at",
            where=config.place,
            do='Give --app or --broker, or set app = "pusher" there.',
        )
    from celery.app.utils import find_app as find_celery_app

    from taskcontract.extract.import_failure import make_import_error

    add_to_path(config)
    try:
        with redirect_stdout(sys.stderr):  # stdout is the command's
            found: Celery = find_celery_app(name)
    except (Exception, SystemExit) as error:  # whatever importing the user's app raises
        raise make_import_error(f"the app {name!r}", error, "See that `celery -A` finds it.") from None
    return found


def find_scheduled(app: Celery) -> list[ScheduledCall]:
    """Return the calls that beat makes for `app`, whose modules are imported as beat imports them."""
    from taskcontract.declare.beat.entries import read_schedule
    from taskcontract.extract.import_failure import make_import_error

    try:
        with redirect_stdout(sys.stderr):
            app.loader.import_default_modules()
            return read_schedule(app)
    except (Exception, SystemExit) as error:  # whatever importing the user's modules raises
        what = "beat's entries cannot be read: a module of the app"
        raise make_import_error(what, error, "See that `celery beat` starts.") from None


def find_declared_services(config: Config) -> list[Service]:
    """Return the services of the configured bindings; a ConfigError where there are none."""
    from taskcontract.extract.bindings import find_services

    found = [service for module in name_bindings(config) for service in find_services(module).values()]
    return list(dict.fromkeys(found))  # one module may import another's


def find_systems(
    parts: Iterable[Config],
    app: str | Celery | None = None,
    broker: str | None = None,
    backend: str | None = None,
    *,
    with_services: bool = False,
    may_lack_bindings: bool = False,
) -> list[System]:
    """Return the running systems of the services that `parts` configure: those with the same app are in one.

    An `app` or a `broker` that is given holds for all of them. `with_services` asks for the services that
    their bindings declare; a ConfigError where none are named, but for those with an app that
    `may_lack_bindings`.
    """
    grouped: dict[str | None, list[Config]] = {}
    for part in parts:
        grouped.setdefault(None if app or broker else part.app, []).append(part)
    services = [
        tuple(
            dict.fromkeys(
                each
                for part in group
                if with_services
                and (part.bindings or not (may_lack_bindings and (app or broker or part.app)))
                for each in find_declared_services(part)
            )
        )
        for group in grouped.values()
    ]
    return [
        System(find_app(group[0], app, broker, backend), tuple(group), declared)
        for group, declared in zip(grouped.values(), services, strict=True)
    ]


def find_declared_task(wanted: str, services: list[Service]) -> Task[..., object]:
    """Return the version that `send@1` or `pusher.send@1` names; a ConfigError lists what there is."""
    name, _, version = wanted.partition("@")
    service_name, _, task_name = name.rpartition(".")
    declaring = [
        service
        for service in services
        if service_name in ("", service.name) and any(task.name == task_name for task in service.tasks)
    ]
    if not declaring:
        known = ", ".join(task.id for service in services for task in service.tasks)
        raise ConfigError(f"no service declares {wanted!r}", do=f"There are {known or 'no tasks'}.")
    if len(declaring) > 1:
        choices = ", ".join(sorted(f"{service.name}.{task_name}@{version or 1}" for service in declaring))
        raise ConfigError(f"several services declare {wanted!r}", do=f"Say which: {choices}.")
    (service,) = declaring
    if not version:
        choices = ", ".join(task.id for task in service.tasks if task.name == task_name)
        raise ConfigError(f"{wanted!r} names no version", do=f"Say which version: {choices}.")
    return service.choose(task_name, version)


def find_queues(tasks: Iterable[Task[..., object]], app: Celery) -> set[str]:
    """Return the queues that calls of `tasks` wait in; the app's default one where a task names none."""
    return {task.queue or app.conf.task_default_queue for task in tasks}


def nothing_counted(services: str, place: str, alternative: str) -> BrokerError:
    """Return what to say where no worker has counted calls of `services` in `place`: they may have callers.

    `alternative` is what else the user can do.
    """
    return BrokerError(
        f"no worker has counted calls of {services} yet",
        where=place,
        do=f"Start one, or {alternative}. TASKCONTRACT_USAGE names another file that workers count in.",
    )
