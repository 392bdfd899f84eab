"""The strategies that a caller gives instead of the types': read, and refused where they are for nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from taskcontract.declare.task import Task
from taskcontract.errors import ConfigError
from taskcontract.testing.messages import RETURN, Given

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.declare.service import Service

__all__ = ["Strategies", "require_strategies"]

Strategies: TypeAlias = "Mapping[Task[..., Any], Given]"


def require_strategies(strategies: Strategies, service: Service) -> None:
    """Raise a ConfigError for a strategy that is for no version, parameter, result or error."""
    for task, given in strategies.items():
        if not isinstance(task, Task) or task.service is not service:
            raise ConfigError(
                f"strategies names {task!r}, which is not a version of {service.name!r}",
                do="Write strategies={version: {name: strategy}}.",
            )
        names = [slot.name for slot in task.binder.slots]
        for name in given:
            is_error = isinstance(name, type) and issubclass(name, Exception)
            if not is_error and name not in (*names, RETURN):
                raise ConfigError(
                    f"strategies names {name!r}, which is not a parameter of {task.id}",
                    do=f"Name one of {', '.join(names) or 'its parameters'}, {RETURN!r} or an error's class.",
                )
