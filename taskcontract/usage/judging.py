"""How each version of a service is used, and whether it is safe to remove as far as usage tells."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from taskcontract.model.version import parse_version
from taskcontract.usage.use import DAY

if TYPE_CHECKING:
    from taskcontract.declare.service import Service
    from taskcontract.declare.task import Task
    from taskcontract.usage.use import Counted, ShapeUse, Use

__all__ = ["NameUsage", "Removable", "ServiceUsage", "judge_observed", "judge_usage"]

Removable = Literal["current", "yes", "no", "not known"]
"""`current` is the newest version of its task, which no question of removal is about; `not known` says that
calls have been counted for too short a time."""


@dataclass(frozen=True, slots=True)
class NameUsage:
    """How one wire name of a version is used: `name`, which is an alias where `is_alias`.

    `task` is the version's id; `uses` are all that were counted, the latest first, and `recent` the number
    of consumers that called within the days that were asked for.
    """

    task: str
    name: str
    is_alias: bool
    sunset: str | None
    uses: tuple[Use, ...]
    recent: int
    removable: Removable


@dataclass(frozen=True, slots=True)
class ServiceUsage:
    """How a service was used up to `at`, in seconds since the epoch; `since` is None without counts."""

    service: str
    days: float
    at: float
    since: float | None
    names: tuple[NameUsage, ...]
    uses: tuple[Use, ...]
    """All that were counted, by key: also of names that the bindings do not declare."""
    shapes: tuple[ShapeUse, ...] = ()
    shapes_since: float | None = None

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The wire names that were called and that no bindings declare, sorted."""
        declared = {each.name for each in self.names}
        return tuple(sorted({use.key.task for use in self.uses} - declared))

    def shapes_of(self, use: Use) -> tuple[ShapeUse, ...]:
        """Return the shapes of the calls of one use, the most frequent first, as far as they were told.

        Calls that a worker counted without are among none of them.
        """
        mine = (each for each in self.shapes if each.key == use.key)
        return tuple(sorted(mine, key=lambda each: (-each.count, each.shape)))


def judge_usage(service: Service, counted: Counted, *, days: float, now: float | None = None) -> ServiceUsage:
    """Return how each version of `service` is used by the `counted` calls; recent: within `days` days."""
    now = time.time() if now is None else now
    is_long_enough = counted.since is not None and now - counted.since >= days * DAY

    def judge(task: Task[..., Any], name: str) -> NameUsage:
        uses = sorted((use for use in counted.uses if use.key.task == name), key=lambda use: -use.last_seen)
        recent = len({use.key.consumer for use in uses if use.is_within(days, now)})
        is_alias = name in task.aliases
        removable: Removable = "yes" if is_long_enough else "not known"
        if _is_newest(task) and not is_alias:
            removable = "current"
        elif recent:
            removable = "no"
        return NameUsage(task.id, name, is_alias, task.sunset, tuple(uses), recent, removable)

    names = tuple(judge(task, name) for task in service.tasks for name in task.wire_names)
    told = counted.uses, counted.shapes, counted.shapes_since
    return ServiceUsage(service.name, days, now, counted.since, names, *told)


def judge_observed(name: str, counted: Counted, *, days: float, now: float | None = None) -> ServiceUsage:
    """Return how tasks without bindings are used: those that an observer counts by this `name`."""
    now = time.time() if now is None else now
    told = counted.uses, counted.shapes, counted.shapes_since
    return ServiceUsage(name, days, now, counted.since, (), *told)


def _is_newest(task: Task[..., Any]) -> bool:
    versions = [each.version for each in task.service.tasks if each.name == task.name]
    return task.version == max(versions, key=parse_version)
