"""The worker's log as lines of JSON, each with the id of the task that it speaks of."""

from __future__ import annotations

import io
import json
import logging
import os
import sys
import threading

from celery import current_task
from celery.signals import setup_logging

__all__ = ["start_logging"]

_FORMATTER = logging.Formatter()


class TaskLog(logging.Handler):
    """Appends to a file that several processes may share: pool children write to it as well."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line for `record`."""
        try:
            line = {
                "at": record.created,
                "level": record.levelname,
                "logger": record.name,
                "task": _task_id(record),
                "text": _text(record),
            }
            os.write(self._descriptor, f"{json.dumps(line)}\n".encode())
        except (OSError, TypeError, ValueError):
            self.handleError(record)


class PrintedLines(io.TextIOBase):
    """Takes what is printed, a line at a time and each thread for itself, to the log."""

    def __init__(self) -> None:
        self._logger = logging.getLogger("print")
        self._begun = threading.local()

    def write(self, text: str) -> int:
        """Log each line that `text` completes."""
        *lines, rest = (getattr(self._begun, "text", "") + text).split("\n")
        self._begun.text = rest
        for line in lines:
            self._logger.info("%s", line)
        return len(text)

    def isatty(self) -> bool:
        """Return False: it is not a terminal."""
        return False


def start_logging(path: str) -> None:
    """Send all that this worker logs and prints to the file `path`, beside what its app set up itself."""
    handler = TaskLog(path)

    def add_handler(**_: object) -> None:
        root = logging.getLogger()
        root.addHandler(handler)
        if root.level > logging.INFO or root.level == logging.NOTSET:
            root.setLevel(logging.INFO)
        sys.stdout = sys.stderr = PrintedLines()

    setup_logging.connect(add_handler, weak=False)


def _task_id(record: logging.LogRecord) -> str | None:
    data = getattr(record, "data", None)
    if isinstance(data, dict) and isinstance(data.get("id"), str):
        return str(data["id"])
    request = getattr(current_task, "request", None)
    task_id = getattr(request, "id", None)
    return task_id if isinstance(task_id, str) else None


def _text(record: logging.LogRecord) -> str:
    text = record.getMessage()
    # A task's traceback comes back with its reply: once is enough.
    if record.exc_info and record.exc_info[0] and not record.name.startswith("celery.app.trace"):
        text = f"{text}\n{_FORMATTER.formatException(record.exc_info)}"
    return text
