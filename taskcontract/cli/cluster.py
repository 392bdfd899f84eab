"""The running system that a command works on: the app, its broker and the services of this project."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING

from taskcontract.errors import BrokerError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from celery import Celery

    from taskcontract.declare.beat.entries import ScheduledCall
    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.model.config import Config

__all__ = [
    "find_app",
    "find_declared_services",
    "find_declared_task",
    "find_queues",
    "find_scheduled",
    "name_bindings",
    "nothing_counted",
]


def find_app(
    config: Config, app: str | Celery | None = None, broker: str | None = None, backend: str | None = None
) -> Celery:
    """The app to look at: one of the `broker`'s URL, else `app`, else the configured one.

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
            where=str(config.file or config.root),
            do='Give --app or --broker, or set app = "pusher" in [tool.taskcontract].',
        )
    from celery.app.utils import find_app as find_celery_app

    from taskcontract.extract.import_failure import make_import_error

    _add_to_path(config)
    try:
        with redirect_stdout(sys.stderr):  # stdout is the command's
            found: Celery = find_celery_app(name)
    except (Exception, SystemExit) as error:  # whatever importing the user's app raises
        raise make_import_error(f"the app {name!r}", error, "See that `celery -A` finds it.") from None
    return found


def find_scheduled(app: Celery) -> list[ScheduledCall]:
    """The calls that beat makes for `app`, whose modules are imported as beat imports them."""
    from taskcontract.declare.beat.entries import read_schedule
    from taskcontract.extract.import_failure import make_import_error

    try:
        with redirect_stdout(sys.stderr):
            app.loader.import_default_modules()
            return read_schedule(app)
    except (Exception, SystemExit) as error:  # whatever importing the user's modules raises
        what = "beat's entries cannot be read: a module of the app"
        raise make_import_error(what, error, "See that `celery beat` starts.") from None


def find_declared_services(modules: Sequence[str], config: Config) -> list[Service]:
    """The services of the bindings `modules`, or of the configured ones; modules start at the root too."""
    from taskcontract.extract.bindings import find_services

    found = [
        service for module in name_bindings(modules, config) for service in find_services(module).values()
    ]
    return list(dict.fromkeys(found))  # one module may import another's


def name_bindings(modules: Sequence[str], config: Config) -> Sequence[str]:
    """`modules`, or the configured ones, which are then found from the root too; a ConfigError for none."""
    named = modules or config.bindings
    if not named:
        raise ConfigError(
            "no bindings are named",
            where=str(config.file or config.root),
            do='Name a module, or set bindings = ["bindings.pusher"] in [tool.taskcontract].',
        )
    _add_to_path(config)
    return named


def find_declared_task(wanted: str, services: list[Service]) -> Task[..., object]:
    """The version that `send_to_s3@1` or `pusher.send_to_s3@1` names; a ConfigError lists what there is."""
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


def _add_to_path(config: Config) -> None:
    """Let modules of the project be found from whatever folder of it the command runs in."""
    if str(config.root) not in sys.path:
        sys.path.insert(0, str(config.root))


def find_queues(tasks: Iterable[Task[..., object]], app: Celery) -> set[str]:
    """The queues that calls of `tasks` wait in; the app's default one where a task names none."""
    return {task.queue or app.conf.task_default_queue for task in tasks}


def nothing_counted(services: str, place: str, alternative: str) -> BrokerError:
    """What to say where no worker has counted calls of `services` in `place`: they may have callers.

    `alternative` is what else the user can do.
    """
    return BrokerError(
        f"no worker has counted calls of {services} yet",
        where=place,
        do=f"Start one, or {alternative}. TASKCONTRACT_USAGE names another file that workers count in.",
    )
