"""What a change breaks, for whom, and the proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lazy_names import find_lazily

__all__ = [
    "Finding",
    "Policy",
    "ServiceSpec",
    "compare_calls",
    "compare_schemas",
    "compare_tasks",
    "dump_spec",
    "find_changes",
    "load_spec",
]

if TYPE_CHECKING:
    from taskcontract.diff.calls import compare_calls
    from taskcontract.diff.changes import compare_tasks, find_changes
    from taskcontract.diff.policy import Policy
    from taskcontract.diff.schemas import compare_schemas
    from taskcontract.model.finding import Finding
    from taskcontract.model.service import ServiceSpec
    from taskcontract.model.spec_file import dump_spec, load_spec
else:
    # A command pays only for the engines that it runs.
    __getattr__, __dir__ = find_lazily(
        __name__,
        {
            "Finding": "taskcontract.model.finding",
            "Policy": "taskcontract.diff.policy",
            "ServiceSpec": "taskcontract.model.service",
            "compare_calls": "taskcontract.diff.calls",
            "compare_schemas": "taskcontract.diff.schemas",
            "compare_tasks": "taskcontract.diff.changes",
            "dump_spec": "taskcontract.model.spec_file",
            "find_changes": "taskcontract.diff.changes",
            "load_spec": "taskcontract.model.spec_file",
        },
    )
