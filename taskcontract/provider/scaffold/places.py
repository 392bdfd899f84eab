"""Where the code that a skeleton imports is found."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from taskcontract.declare.annotations import find_origin
from taskcontract.declare.imports import Origin
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task

__all__ = ["find_provider", "find_variable"]


def find_provider(app: Celery, service: Service) -> Origin:
    """The variable that holds the provider of `service` in `app`; a ConfigError where none does."""
    from taskcontract.provider.provider import providers_of

    for provider in providers_of(app):
        if provider.service.name == service.name:
            for name, module in list(sys.modules.items()):
                for variable, value in list(vars(module).items()):
                    if value is provider and not variable.startswith("_"):
                        return find_origin(name, variable)
    raise ConfigError(
        f"the app {app.main!r} has no provider of {service.name!r}",
        do="Say where it will be: --provider pusher.tasks:provider",
    )


def find_variable(task: Task[..., object]) -> Origin:
    """The variable that holds `task` in the module that declares it."""
    module = task.function.__module__
    for variable, value in vars(sys.modules[module]).items():
        if value is task:
            return Origin(module, variable)
    raise ConfigError(f"no variable of {module} holds {task.id}", do="Declare it at the module's top.")
