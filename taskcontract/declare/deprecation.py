"""Telling a caller of a deprecated version, once for each place that calls it."""

from __future__ import annotations

import warnings
from datetime import date
from typing import TYPE_CHECKING, Any

from taskcontract.frames import find_call_site
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from taskcontract.declare.protocols import TaskLike

__all__ = ["is_deprecated", "successor_of", "warn_of_deprecated"]

_warned: set[tuple[str, int, str]] = set()
"""The call sites that have been told in this process: file, line, wire name."""


def is_deprecated(task: TaskLike[Any]) -> bool:
    """Return whether this version is past its deprecation date.

    One that has a sunset and no such date is deprecated from the start.
    """
    if task.deprecated is None:
        return task.sunset is not None
    return date.fromisoformat(task.deprecated) <= task.service.today()


def warn_of_deprecated(task: TaskLike[Any]) -> None:
    """Give a DeprecationWarning at the line that calls a deprecated version."""
    if not is_deprecated(task):
        return
    frame = find_call_site()
    site = (frame.f_code.co_filename, frame.f_lineno, task.wire_name)
    if site in _warned:
        return
    _warned.add(site)
    newer = successor_of(task)
    facts = [
        f"deprecated since {task.deprecated}" if task.deprecated else "",
        f"refused after {task.sunset}" if task.sunset else "",
    ]
    warnings.warn_explicit(
        f"{task.id} is {' and '.join(filter(None, facts))}"
        + (f": call {newer.__name__} ({newer.id}) instead" if newer else ""),
        DeprecationWarning,
        filename=site[0],
        lineno=site[1],
        module=frame.f_globals.get("__name__", ""),
    )


def successor_of(task: TaskLike[Any]) -> TaskLike[Any] | None:
    """Return the newest version of the task, if it is newer than `task`."""
    versions = [each for each in task.service.tasks if each.name == task.name]
    newest = max(versions, key=lambda each: parse_version(each.version), default=task)
    return newest if newest is not task else None
