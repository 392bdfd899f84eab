"""Contracts for Celery tasks: typed bindings, live verification, proved diffs, painless deprecation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from taskcontract.declare import Call, Carried, Result, Secret, Service, Task
    from taskcontract.provider import Provider
    from taskcontract.verification import match

__all__ = ["Call", "Carried", "Provider", "Result", "Secret", "Service", "Task", "match"]

_HOMES = {"Provider": "taskcontract.provider", "match": "taskcontract.verification"}


def __getattr__(name: str) -> Any:
    # Each name is imported when it is first asked for: a command of ours pays for none of them.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = __import__(_HOMES.get(name, "taskcontract.declare"), fromlist=[name])
    value = globals()[name] = getattr(home, name)
    return value
