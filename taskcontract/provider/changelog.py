"""What changed for callers from version to version: the adapters' own words."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import getdoc
from itertools import groupby
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskcontract.declare.task import Task
    from taskcontract.provider.provider import Provider

__all__ = ["Change", "TaskHistory", "VersionNotes", "write_changelog"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one adapter says to the callers of an old version; `about` is `calls`, `result` or an error."""

    about: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionNotes:
    """One version: its dates, and what its callers meet who move from the version `previous` to it."""

    version: str
    description: str
    deprecated: str | None
    sunset: str | None
    previous: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """All versions of one task, the newest first."""

    service: str
    task: str
    versions: tuple[VersionNotes, ...]


def write_changelog(providers: Sequence[Provider]) -> list[TaskHistory]:
    """The history of every task of `providers`, by service and name."""
    return [
        TaskHistory(provider.service.name, name, tuple(_note_versions(provider, list(versions))))
        for provider in sorted(providers, key=lambda each: each.service.name)
        for name, versions in groupby(provider.service.tasks, key=lambda task: task.name)
    ]


def _note_versions(provider: Provider, versions: list[Task[..., Any]]) -> Iterator[VersionNotes]:
    for task, previous in zip(reversed(versions), [*reversed(versions[:-1]), None], strict=True):
        yield VersionNotes(
            version=task.version,
            description=(getdoc(task.function) or "").partition("\n\n")[0],
            deprecated=task.deprecated,
            sunset=task.sunset,
            previous=previous.version if previous else None,
            changes=tuple(_find_changes(provider, previous)) if previous else (),
        )


def _find_changes(provider: Provider, old: Task[..., Any]) -> Iterator[Change]:
    adapters = provider.adapters
    upcast, downcast = adapters.upcasts.get(old.wire_name), adapters.downcasts.get(old.wire_name)
    if upcast:
        yield Change("calls", _text_of(upcast.function))
    if downcast:
        yield Change("result", _text_of(downcast))
    for error, mapping in adapters.errors.get(old.wire_name, {}).items():
        yield Change(error.__name__, _text_of(mapping.function))


def _text_of(adapter: Callable[..., Any]) -> str:
    return getdoc(adapter) or ""
