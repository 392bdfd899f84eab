"""What a provider has registered in its Celery app, and what kept it from registering the rest."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, cast

from taskcontract.provider.adapter_errors import say_raised
from taskcontract.provider.celery_task import register
from taskcontract.provider.functions import find_place
from taskcontract.provider.route import Route

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

    from taskcontract.provider.adapter_path import AdapterPath
    from taskcontract.provider.adapters import AdapterTable

__all__ = ["Registrations"]


class Registrations:
    """The Celery tasks of one provider, by wire name."""

    def __init__(
        self, app: Celery, find_paths: Callable[[], list[AdapterPath]], adapters: AdapterTable
    ) -> None:
        self._app = app
        self._find_paths = find_paths
        self._adapters = adapters
        self._routes: dict[str, Route] = {}
        self._tasks: dict[str, Any] = {}
        self._failures: dict[str, Exception] = {}
        app.on_after_finalize.connect(self._register, weak=False)

    def follow(self) -> None:
        """Something new is declared: an app that is finalized has to know."""
        finalized: bool = cast("Any", self._app).finalized
        if finalized:
            self._register()

    def _register(self, **_: object) -> None:
        """Register what newly leads to an implementation; what is registered follows its new path.

        Nothing is raised, as Celery would log it and start; `find_problem` reports it.
        """
        for path in self._find_paths():
            for name in path.task.wire_names:
                self._register_name(name, path)

    def _register_name(self, name: str, path: AdapterPath) -> None:
        if name in self._routes:
            self._routes[name].path = path
        elif path.found is not None and name not in self._failures and self._is_free(name, path):
            route = Route(path, self._adapters)
            tasks: dict[str, Any] = self._app.tasks
            tasks.pop(name, None)  # Celery keeps the first task of a name
            try:
                self._tasks[name] = register(self._app, route, name)
                self._routes[name] = route
            except Exception as error:  # whatever Celery makes of an option
                self._failures[name] = error

    def _is_free(self, name: str, path: AdapterPath) -> bool:
        """Whether no task has this name but the one that the implementation of `path` takes the place of."""
        registered = self._app.tasks.get(name)
        return registered is None or registered is path.implementation.replaces

    def find_problem(self, path: AdapterPath) -> str:
        """Return why the calls of `path` do not reach its implementation; empty if they do."""
        return next(filter(None, (self._find_problem(path, name) for name in path.task.wire_names)), "")

    def _find_problem(self, path: AdapterPath, name: str) -> str:
        task, function = path.task, path.implementation.function
        if name in self._failures:
            failure = say_raised(self._failures[name])
            return f"{task.id} cannot be registered for {find_place(function)}: {failure}"
        registered = self._app.tasks.get(name)
        if registered is not None and registered is self._tasks.get(name):
            return ""
        other = "no function" if registered is None else find_place(_function_of(registered))
        return (
            f"{task.id} is to be served by {find_place(function)}, but its name {name!r} is "
            f"registered by {other}: remove the one or rename it"
        )


def _function_of(celery_task: Any) -> Any:
    """Return the function that a Celery task runs, as it was decorated."""
    return inspect.unwrap(celery_task.run)  # autoretry wraps it
