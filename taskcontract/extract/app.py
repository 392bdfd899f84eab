"""The tasks of a Celery app, found by importing it: nothing is sent, and no broker is reached."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import TYPE_CHECKING, Any

from taskcontract.declare.serving import find_providers
from taskcontract.errors import ConfigError
from taskcontract.extract.app_tasks import describe_task, find_place
from taskcontract.extract.bindings import import_bindings
from taskcontract.extract.found import FoundProject, make_unknown, say_unknown
from taskcontract.extract.import_failure import make_import_error
from taskcontract.model.place import Place
from taskcontract.model.service import ServiceSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

    from taskcontract.model.service import TaskSpec

__all__ = ["describe_app", "find_app", "read_app"]

NOT_THEIRS = ("celery.", "taskcontract.")
"""How the names of Celery's own tasks begin, which each app has, and of ours."""


def read_app(name: str) -> FoundProject:
    """Return the tasks that a worker of the app `name`, `module:attribute` or a module, would serve.

    Tasks of bindings are as those say, with their versions.

    A TaskContractError where there is no such app; where importing the app's modules fails, it names the
    project's own line.
    """
    app = find_app(name)
    try:
        with redirect_stdout(sys.stderr):  # stdout is the command's
            app.loader.import_default_modules()
            app.finalize()
            registered: dict[str, Any] = dict(app.tasks)
    except (Exception, SystemExit) as error:  # whatever importing the user's modules raises
        what = f"a module of the app {name!r}"
        raise make_import_error(what, error, "See that `celery -A` starts a worker of it.") from None
    return describe_app(app, name, registered)


def describe_app(app: Any, name: str, registered: Mapping[str, Any]) -> FoundProject:
    """Return what a finalized app serves: its `registered` tasks, by name; `name` is for one without."""
    declared = [each for provider in find_providers(app) for each in provider.service.spec().tasks]
    bound = {each.wire_name: each for each in declared}
    aliases = {name for each in declared for name in each.aliases}
    tasks: list[TaskSpec] = []
    places: dict[str, Place] = {}
    unknown: list[str] = []
    for task_name in sorted(registered):
        if task_name.startswith(NOT_THEIRS) or task_name in aliases:
            continue
        task = registered[task_name]
        place = find_place(task)
        if place is not None:
            places[task_name] = place
        spec = bound.get(task_name) or describe_task(app, task)
        if spec is None:
            unknown.append(task_name)
            spec = make_unknown(task_name)
        tasks.append(spec)
    whole = ServiceSpec(name=app.main or name, version="", tasks=tuple(tasks))
    return FoundProject(
        whole,
        places,
        tuple(say_unknown(each, places.get(each, Place(name, 1))) for each in unknown),
        unknown=frozenset(unknown),
    )


def find_app(name: str) -> Any:
    """Return the Celery app that `module:attribute` names, or the only one of a module."""
    module_name, _, attribute = name.partition(":")
    module = import_bindings(module_name)
    if attribute:
        return _find_attribute(module, module_name, attribute)
    found = {id(value): value for value in vars(module).values() if _is_app(value)}
    if len(found) == 1:
        return next(iter(found.values()))
    names = [f"app:{module_name}:{key}" for key, value in vars(module).items() if _is_app(value)]
    raise ConfigError(
        f"{module_name} holds {'several Celery apps' if names else 'no Celery app'}",
        where=getattr(module, "__file__", None) or "",
        do=f"Say which: {', '.join(names)}." if names else f"Name it: app:{module_name}:attribute.",
    )


def _find_attribute(module: ModuleType, module_name: str, attribute: str) -> Any:
    value: Any = module
    for part in attribute.split("."):
        value = getattr(value, part, None)
    if _is_app(value):
        return value
    what = "nothing" if value is None else f"no Celery app but {value!r:.80}"
    raise ConfigError(
        f"{attribute} in {module_name} is {what}",
        where=getattr(module, "__file__", None) or "",
        do="Name the app as `celery -A` does: app:module:attribute.",
    )


def _is_app(value: object) -> bool:
    """Whether `value` does what an app does: a subclass, a proxy and a look-alike of one count as well.

    Its class is asked, as the attributes of an app that is not finalized finalize it.
    """
    try:
        of = value.__class__
        return not isinstance(value, type) and all(
            hasattr(of, each) for each in ("finalize", "loader", "tasks", "send_task", "amqp")
        )
    except Exception:  # a lazy object of the project's own may raise what it likes
        return False
