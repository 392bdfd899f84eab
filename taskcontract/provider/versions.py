"""The versions that a provider's declarations name: theirs to name, and newer where they must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.parameter import place_of
from taskcontract.declare.task import Task
from taskcontract.errors import ProviderError
from taskcontract.model.version import parse_version
from taskcontract.provider.functions import find_place, name_of

if TYPE_CHECKING:
    from taskcontract.declare.protocols import ServiceLike

__all__ = ["find_target", "newer_versions", "require_version"]


def require_version(task: object, service: ServiceLike, asker: str) -> None:
    """Raise a ProviderError unless `task` is a version that `service` declares; `asker` wants to know."""
    if not isinstance(task, Task):
        raise ProviderError(
            f"{asker} takes a version that the bindings declare, not {_spell(task)}",
            where=find_place(task) if callable(task) else "",
            do=f"Name it, as in {asker}(version), with the function that bindings declare it by.",
        )
    if task.service is not service:
        raise ProviderError(
            f"{task.id} belongs to {task.service.name!r}, not to {service.name!r}",
            where=place_of(task.function),
            do=f"Make a Provider(app, ...) for {task.service.name!r}.",
        )


def newer_versions(old: Task[..., Any]) -> list[Task[..., Any]]:
    """Return the declared versions after `old`, from the next one on."""
    since = parse_version(old.version)
    return [
        task
        for task in old.service.tasks
        if isinstance(task, Task) and task.name == old.name and parse_version(task.version) > since
    ]


def find_target(old: Task[..., Any], to: object, asker: str) -> Task[..., Any]:
    """Return the version that `old` is adapted to: `to`, or the next; a ProviderError if it is not newer."""
    newer = newer_versions(old)
    if not newer:
        raise ProviderError(
            f"{old.id} has an adapter, but no newer version to be adapted to",
            where=place_of(old.function),
            do=f"Serve it with @provider.implements({old.__name__}), or declare the newer version first.",
        )
    if to is None:
        return newer[0]
    require_version(to, old.service, f"{asker}({old.__name__}, to=...)")
    for task in newer:
        if task is to:
            return task
    raise ProviderError(
        f"{old.id} cannot be adapted to {getattr(to, 'id', to)}, which is not a newer version of it",
        where=place_of(old.function),
        do=f"Its newer versions: {', '.join(task.__name__ for task in newer)}.",
    )


def _spell(value: object) -> str:
    return f"the function {name_of(value)!r}" if callable(value) else repr(value)
