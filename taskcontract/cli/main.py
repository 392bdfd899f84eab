"""`taskcontract`: finds the command, runs it, and turns every error into one message and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import TYPE_CHECKING

from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["COMMANDS", "main"]

COMMANDS = {
    "diff": "what a change breaks, for whom, with a call that proves it",
    "check": "is the declared version bump enough, against the last published API",
    "snapshot": "write a service's task API as JSON, or publish it",
    "generate": "write the typed delegates that consumers import",
    "explain": "what a rule means, why it breaks, what to do",
    "rules": "every rule that a comparison knows",
    "scaffold": "write the skeleton of an adapter and its test, from what changed",
    "changelog": "what changed from version to version, in the adapters' words",
    "usage": "who still calls which version, and when last",
    "inflight": "what waits for a service, without taking any of it",
    "retire": "may this version of a task go?",
    "inspect": "do the running workers serve what the bindings declare?",
    "quarantine": "messages that workers could not serve: list, show, replay, drop",
}

HELP = f"""\
taskcontract: contracts for Celery tasks.

A service declares its tasks once, as bindings that its callers import. taskcontract publishes
that API, compares its versions, and proves each break with a call that worked and no longer does.

usage: taskcontract COMMAND ...

commands:
{"".join(f"  {name:<10} {what}{chr(10)}" for name, what in COMMANDS.items())}
examples:
  taskcontract snapshot bindings.pusher --publish     publish the API as contracts/pusher/1.0.0.json
  taskcontract diff v1 bindings.pusher                what would break if this went out now?
  taskcontract check --format github                  in CI: fail where the version says too little

next:
  taskcontract COMMAND --help       the command's options
  taskcontract explain RULE         the rule behind a finding
  pytest --taskcontract             replay every consumer's expectations on a live worker

exit codes: 0 nothing found, 1 findings, 2 a mistake in the input.
"""

FOUND_NOTHING, FOUND, MISTAKE, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run `taskcontract` with `argv` (default: the process's own); gives the exit code."""
    if argv is None:
        gc.set_threshold(100_000)  # what a command imports and reads is no garbage: look for some rarely
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a letter that the terminal cannot show is no reason to stop
            stream.reconfigure(errors="backslashreplace")
    try:
        code = _run(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
    except TaskContractError as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # `taskcontract ... | head`: nobody reads on, and Python would say so at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    except (RecursionError, MemoryError) as error:
        return _complain(f"this input is too large to work on ({type(error).__name__})")
    return code


def _run(argv: list[str]) -> int:
    name = argv[0] if argv else "--help"
    if name in ("-h", "--help", "help"):
        sys.stdout.write(HELP)
        return FOUND_NOTHING
    if name == "--version":
        from importlib.metadata import version

        sys.stdout.write(f"taskcontract {version('taskcontract')}\n")
        return FOUND_NOTHING
    if name not in COMMANDS:
        from taskcontract.urls import hide_in_value

        return _complain(f"there is no command {hide_in_value(name)!r}\n  Commands: {', '.join(COMMANDS)}.")
    code: int = import_module(f"taskcontract.cli.{name}").run(argv[1:])
    return code


def _complain(message: str) -> int:
    from taskcontract.reporting.escape import tame

    sys.stderr.write(f"taskcontract: {tame(message)}\n")
    return MISTAKE
