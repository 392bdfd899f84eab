"""What a change breaks, for whom, and the proof."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.diff.calls import compare_calls
    from taskcontract.diff.changes import compare_tasks, find_changes
    from taskcontract.diff.policy import Policy
    from taskcontract.diff.schemas import compare_schemas

__all__ = ["Policy", "compare_calls", "compare_schemas", "compare_tasks", "find_changes"]

_HOMES = {
    "compare_calls": "taskcontract.diff.calls",
    "compare_schemas": "taskcontract.diff.schemas",
    "compare_tasks": "taskcontract.diff.changes",
    "find_changes": "taskcontract.diff.changes",
    "Policy": "taskcontract.diff.policy",
}


def __getattr__(name: str) -> object:
    """Import an engine when it is first asked for: a command pays only for those that it runs."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
