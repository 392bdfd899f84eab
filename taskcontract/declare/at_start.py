"""Report what is wrong when a worker or beat starts, in its log and on its terminal."""

from __future__ import annotations

import sys
from typing import Any

__all__ = ["say_at_start"]


def say_at_start(text: str, process: Any) -> None:
    """Print `text` on the terminal of `process`, Celery's worker or beat, and into its log file.

    A process that is detached has no terminal, and its log file is set up after most checks.
    """
    import logging  # importing bindings is to cost little, and this is for what starts a worker

    from celery.utils.log import LoggingProxy

    print(f"taskcontract: {text}", file=sys.stderr, flush=True)  # noqa: T201
    logfile = getattr(process, "logfile", None)
    if logfile and not isinstance(sys.stderr, LoggingProxy):  # what is printed there is logged
        log: Any = process.app.log
        log.setup(process.loglevel, logfile, redirect_stdouts=False, hostname=process.hostname)
        logging.getLogger("taskcontract").error(text)
