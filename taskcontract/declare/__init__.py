"""Bindings: services, their versioned tasks as typed delegates, and sending.

Importing this package loads neither Celery nor pydantic: both come in at the first send.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.declare.carried import Carried
from taskcontract.declare.options import SendOptions
from taskcontract.declare.secret import Secret
from taskcontract.declare.service import Service
from taskcontract.declare.task import Call, Task
from taskcontract.lazy_names import find_lazily

__all__ = ["Call", "Carried", "Result", "Secret", "SendOptions", "Service", "Task"]

if TYPE_CHECKING:
    from taskcontract.declare.result import Result
else:
    __getattr__, __dir__ = find_lazily(__name__, {"Result": "taskcontract.declare.result"})
