"""The worker's answer to whoever asks which versions it serves."""

from __future__ import annotations

from typing import Any

from celery.worker.control import inspect_command

from taskcontract.declare.serving import find_providers
from taskcontract.operations.drift import COMMAND

__all__ = ["answer_inspections"]


def answer_inspections() -> None:
    """Make this process's workers tell the versions that they serve when they are asked with `COMMAND`."""
    inspect_command(name=COMMAND)(_answer_versions)


def _answer_versions(state: Any, **_: Any) -> dict[str, str]:
    """Wire name -> exact version of each declared task that this worker serves."""
    return {
        name: task.version
        for provider in find_providers(state.app)
        for task in provider.service.tasks
        for name in task.wire_names
        if name in state.app.tasks
    }
