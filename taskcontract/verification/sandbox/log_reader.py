"""Reading the log that a worker's process wrote."""

from __future__ import annotations

import json
import re
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.verification.sandbox.sandbox import RunSandbox
    from taskcontract.verification.sandbox.worker_settings import WorkerSettings

__all__ = ["LogLine", "read_lines_by_task", "read_lines_of", "read_tail"]

MOST_LINES = 40
LAST_LINE_SECONDS = 0.2
TRACE = "celery.app.trace"
"""Celery's logger of how tasks end."""
_TASK_PREFIX = re.compile(r"^Task \S+\[[^\]]+\] ")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the worker's log: when (seconds since the epoch), how grave, whose, and what."""

    at: float
    level: str
    logger: str
    task: str | None
    text: str


def read_lines_of(sandbox: RunSandbox, task_id: str, *, ended: bool) -> tuple[LogLine, ...]:
    """Return the last 40 lines that the worker logged and printed for one task, without `Task name[id]`.

    A task that has `ended` is given a moment to say so: its result may be there before its last line.
    """
    deadline = time.monotonic() + LAST_LINE_SECONDS
    lines = _lines_of(sandbox, task_id)
    while ended and not (lines and lines[-1].logger == TRACE) and time.monotonic() < deadline:
        time.sleep(0.01)
        lines = _lines_of(sandbox, task_id)
    return tuple(lines[-MOST_LINES:])


def _lines_of(sandbox: RunSandbox, task_id: str) -> list[LogLine]:
    return [_shorten(line) for line in _read(sandbox) if line.task == task_id]


def _shorten(line: LogLine) -> LogLine:
    return replace(line, text=_TASK_PREFIX.sub("", line.text))


def read_lines_by_task(sandbox: RunSandbox) -> dict[str, tuple[LogLine, ...]]:
    """Return the last 40 lines of each task that the worker logged something for, by the task's id."""
    lines: dict[str, list[LogLine]] = {}
    for line in _read(sandbox):
        if line.task:
            lines.setdefault(line.task, []).append(_shorten(line))
    return {task: tuple(each[-MOST_LINES:]) for task, each in lines.items()}


def read_tail(settings: WorkerSettings, count: int = 12) -> str:
    """Return the end of a worker's output: the gravest lines of its log, and what it wrote to stderr."""
    output = ""
    with suppress(OSError):
        output = Path(settings.output_file).read_text(encoding="utf-8", errors="replace").strip()
    log = list(_read(settings.sandbox))
    grave = [line.text for line in log if line.level in ("ERROR", "CRITICAL") and not line.task]
    lines = [*"\n".join(grave[-2:]).splitlines(), *output.splitlines()]
    return "\n".join(lines[-count:])


def _read(sandbox: RunSandbox) -> Iterator[LogLine]:
    try:
        with Path(sandbox.log_file).open(encoding="utf-8") as file:
            for text in file:
                with suppress(ValueError):  # cut short by the death of its writer
                    yield LogLine(**json.loads(text))
    except FileNotFoundError:
        return
