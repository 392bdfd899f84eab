"""The debug line in which Celery's pool logs what it is given for each call: the whole body stands in it.

Undocumented: the logger `celery.pool`, and that this line begins with APPLY and has the target as its first
argument. A debug line of the pool that has more than one argument and begins otherwise is kept out of the
log as a whole, as what is given may stand in it.
"""

from __future__ import annotations

import logging

from celery.utils.log import get_logger

__all__ = ["hide_bodies"]

APPLY = "TaskPool: Apply"


def hide_bodies() -> None:
    """Leave out of the log of this process's pool what its calls are given."""
    get_logger("celery.pool").addFilter(_hide_body)


def _hide_body(record: logging.LogRecord) -> bool:
    args = record.args
    if record.levelno > logging.DEBUG or not isinstance(args, tuple) or len(args) < 2:
        return True
    record.args = (args[0], *["..."] * (len(args) - 1))
    return isinstance(record.msg, str) and record.msg.startswith(APPLY)
