"""What changed for callers from version to version: the adapters' own words."""

from __future__ import annotations

from inspect import getdoc
from itertools import groupby
from typing import TYPE_CHECKING, Any

from taskcontract.model.changelog import Change, TaskHistory, VersionNotes
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskcontract.declare.task import Task
    from taskcontract.provider.adapters import Upcast
    from taskcontract.provider.provider import Provider

__all__ = ["write_changelog"]


def write_changelog(providers: Sequence[Provider]) -> list[TaskHistory]:
    """Return the history of every task of `providers`, by service and name."""
    return [
        TaskHistory(
            provider.service.name,
            name,
            tuple(_note_version(provider, task) for task in reversed(list(versions))),
        )
        for provider in sorted(providers, key=lambda each: each.service.name)
        for name, versions in groupby(provider.service.tasks, key=lambda task: task.name)
    ]


def _note_version(provider: Provider, task: Task[..., Any]) -> VersionNotes:
    upcasts = provider.declared.adapters.upcasts.values()
    adapted = [upcast for upcast in upcasts if upcast.target.wire_name == task.wire_name]
    adapted.sort(key=lambda upcast: parse_version(upcast.old.version), reverse=True)
    return VersionNotes(
        version=task.version,
        description=(getdoc(task.function) or "").partition("\n\n")[0],
        deprecated=task.deprecated,
        sunset=task.sunset,
        changes=tuple(change for upcast in adapted for change in _find_changes(provider, upcast)),
    )


def _find_changes(provider: Provider, upcast: Upcast) -> Iterator[Change]:
    adapters, old = provider.declared.adapters, upcast.old
    yield Change(old.version, "calls", _text_of(upcast.function))
    downcast = adapters.downcasts.get(old.wire_name)
    if downcast:
        yield Change(old.version, "result", _text_of(downcast))
    for error, mapping in adapters.errors.get(old.wire_name, {}).items():
        yield Change(old.version, error.__name__, _text_of(mapping.function))


def _text_of(adapter: Callable[..., Any]) -> str:
    return getdoc(adapter) or ""
