"""Contracts for Celery tasks: typed bindings, live verification, proved diffs, painless deprecation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare import Call, Secret, Service, Task

if TYPE_CHECKING:
    from taskcontract.declare import Result
    from taskcontract.provider import Provider
    from taskcontract.verification import match

__all__ = ["Call", "Provider", "Result", "Secret", "Service", "Task", "match"]


def __getattr__(name: str) -> Any:
    # What pulls in Celery is imported when it is first asked for.
    if name == "Result":
        from taskcontract.declare import Result

        return Result
    if name == "Provider":
        from taskcontract.provider import Provider

        return Provider
    if name == "match":
        from taskcontract.verification import match

        return match
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
