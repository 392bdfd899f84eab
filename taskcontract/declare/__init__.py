"""Bindings: services, their versioned tasks as typed delegates, and sending.

Importing this package loads neither Celery nor pydantic: both come in at the first send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.declare.call import Call
from taskcontract.declare.carried import Carried
from taskcontract.declare.options import SendOptions
from taskcontract.declare.secret import Secret
from taskcontract.declare.service import Service
from taskcontract.declare.task import Task

if TYPE_CHECKING:
    from taskcontract.declare.result import Result

__all__ = ["Call", "Carried", "Result", "Secret", "SendOptions", "Service", "Task"]


def __getattr__(name: str) -> Any:
    if name == "Result":
        from taskcontract.declare.result import Result

        return Result
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
