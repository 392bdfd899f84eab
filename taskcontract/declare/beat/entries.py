"""Beat's entries as data: from an app's `beat_schedule`, from a scheduler, from django-celery-beat's rows."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from celery.beat import BeatLazyFunc
from kombu.utils.json import loads

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

__all__ = ["LAZY", "ScheduledCall", "read_schedule", "read_scheduler"]

KEYS = ("task", "schedule", "args", "kwargs", "options", "relative", "name", "app")
"""What an entry of `beat_schedule` may say."""

LAZY: Any = object()
"""A value that is made anew for each call, by a function of the project's."""


@dataclass(frozen=True, slots=True)
class ScheduledCall:
    """One call that beat makes again and again: `name` is the entry's, `task` the wire name that it calls.

    `fault` says why beat cannot make a call of it.
    """

    name: str
    task: str
    args: tuple[Any, ...] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    fault: str = ""

    @property
    def calls(self) -> frozenset[str]:
        """The wire names of all that it calls: a chain's and a group's tasks too."""
        return frozenset({self.task, *_names_in([self.args, self.kwargs, self.options])})


def read_schedule(app: Celery) -> list[ScheduledCall]:
    """Return the entries that `app` has in its settings, its `add_periodic_task`, and its database, by name.

    The app is finalized by it. A ConfigError where there is a database that cannot be read.
    """
    app.finalize()
    configured: Any = app.conf.beat_schedule or {}
    return _sorted([*(_read_entry(name, entry) for name, entry in configured.items()), *_read_rows()])


def read_scheduler(app: Celery, scheduler: Any) -> list[ScheduledCall]:
    """Return the entries that beat's `scheduler` has, with those of the app that it does not know (yet)."""
    configured: Any = app.conf.beat_schedule or {}
    entries = {**configured, **scheduler.schedule}
    return _sorted([_read_entry(name, entry) for name, entry in entries.items()])


def _sorted(entries: list[ScheduledCall]) -> list[ScheduledCall]:
    return sorted({entry.name: entry for entry in entries}.values(), key=lambda entry: entry.name)


def _read_entry(name: object, entry: Any) -> ScheduledCall:
    """Return an entry as beat has it: a mapping, or an object with the same facts."""
    facts = dict(entry) if isinstance(entry, Mapping) else _facts_of(entry)
    unknown = sorted(str(key) for key in facts if key not in KEYS)
    fault = f"{unknown[0]!r} is not a key of an entry: put it into 'options'" if unknown else ""
    return _make_call(str(name), str(facts.get("task")), fault, facts)


def _facts_of(entry: Any) -> dict[str, Any]:
    return {key: getattr(entry, key, None) for key in ("task", "args", "kwargs", "options")}


def _make_call(name: str, task: str, fault: str, facts: Mapping[str, Any]) -> ScheduledCall:
    args, kwargs, options = facts.get("args") or (), facts.get("kwargs") or {}, facts.get("options") or {}
    if isinstance(args, str):
        fault = fault or "its args are a text, which is sent letter by letter: write them as ('...',)"
    elif not isinstance(args, (list, tuple)):
        fault = fault or "its args are not a list"
    elif not isinstance(kwargs, Mapping):
        fault = fault or "its kwargs are not a mapping"
    elif not isinstance(options, Mapping):
        fault = fault or "its options are not a mapping"
    if fault:
        return ScheduledCall(name, task, fault=fault)
    lazy = {key: LAZY if isinstance(value, BeatLazyFunc) else value for key, value in kwargs.items()}
    called = tuple(LAZY if isinstance(value, BeatLazyFunc) else value for value in args)
    return ScheduledCall(name, task, called, lazy, dict(options))


def _read_rows() -> Iterator[ScheduledCall]:
    """Yield the enabled rows of django-celery-beat, where Django is set up and has it."""
    registry = getattr(sys.modules.get("django.apps"), "apps", None)
    if registry is None or not registry.ready or not registry.is_installed("django_celery_beat"):
        return
    from importlib import import_module

    model: Any = import_module("django_celery_beat.models").PeriodicTask
    try:
        rows = list(model.objects.filter(enabled=True))
    except Exception as error:  # each database has errors of its own
        raise ConfigError(
            f"the rows of django-celery-beat cannot be read: {error}",
            do="Start the database and run its migrations.",
        ) from error
    yield from map(_read_row, rows)


def _read_row(row: Any) -> ScheduledCall:
    try:
        facts = {"args": loads(row.args or "[]"), "kwargs": loads(row.kwargs or "{}")}
        headers = loads(row.headers or "{}")
    except ValueError as error:
        return ScheduledCall(
            row.name, row.task, fault=f"its arguments are not JSON ({error}): beat disables it"
        )
    named = {key: getattr(row, key) for key in ("queue", "exchange", "routing_key", "priority")}
    options = {key: value for key, value in named.items() if value is not None}
    return _make_call(row.name, row.task, "", {**facts, "options": {**options, "headers": headers}})


def _names_in(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        if isinstance(value.get("task"), str):
            yield value["task"]
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for item in value:
            yield from _names_in(item)
