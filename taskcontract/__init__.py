"""Contracts for Celery tasks: typed bindings, live verification, proved diffs, painless deprecation.

What is promised stands in `__all__`, here and in the public modules: `taskcontract.canvas`, `.diff`,
`.embedded`, `.errors`, `.pact`, `.pytest_plugin`, `.safety_net`, `.testing` and `.verification`. All else is
private.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lazy_names import find_lazily

__all__ = [
    "Call",
    "Carried",
    "Provider",
    "Result",
    "Secret",
    "SendOptions",
    "Service",
    "Task",
    "given_task",
    "match",
]

if TYPE_CHECKING:
    from taskcontract.declare import Call, Carried, Result, Secret, SendOptions, Service, Task
    from taskcontract.provider import Provider
    from taskcontract.testing import given_task
    from taskcontract.verification import match

    __version__: str
else:
    __getattr__, __dir__ = find_lazily(
        __name__,
        dict.fromkeys(__all__, "taskcontract.declare")
        | {
            "Provider": "taskcontract.provider",
            "given_task": "taskcontract.testing",
            "match": "taskcontract.verification",
            "__version__": "taskcontract.installed_version",
        },
    )
