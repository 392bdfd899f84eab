"""What changed for the callers of a task from version to version, as data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Change", "TaskHistory", "VersionNotes"]


@dataclass(frozen=True, slots=True)
class Change:
    """What one adapter says to the `callers` of an old version; `about` is `calls`, `result` or an error."""

    callers: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class VersionNotes:
    """One version: its dates, and what the callers of older ones meet who are served by it."""

    version: str
    description: str
    deprecated: str | None
    sunset: str | None
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class TaskHistory:
    """All versions of one task, the newest first."""

    service: str
    task: str
    versions: tuple[VersionNotes, ...]
