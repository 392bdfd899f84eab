"""`taskcontract`: runs the command and turns every error into one message and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from io import TextIOWrapper
from typing import TYPE_CHECKING

import click

from taskcontract.cli.group import COMPLETION, make_group
from taskcontract.errors import TaskContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["end", "main"]

MISTAKE, INTERRUPTED, PIPE_CLOSED = 2, 130, 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run `taskcontract` with `argv` (default: the process's own); gives the exit code."""
    if argv is not None:
        return end(lambda: _run(list(argv)))
    gc.set_threshold(100_000)  # what a command imports and reads stays in use: collect rarely
    try:
        return end(lambda: _run(sys.argv[1:]))
    finally:
        gc.freeze()  # the interpreter collects several times as it ends, and would walk all of it for nothing


def _run(arguments: list[str]) -> int:
    group = make_group("taskcontract")
    if instruction := os.environ.get(COMPLETION):
        from click.shell_completion import shell_complete

        return shell_complete(group, {}, "taskcontract", COMPLETION, instruction)
    try:
        with group.make_context("taskcontract", arguments) as context:
            code: int = group.invoke(context)
    except click.exceptions.Exit as ended:  # after --help and --version
        return ended.exit_code
    return code


def end(run: Callable[[], int]) -> int:
    """Return the exit code of `run`; a mistake that it raises becomes one message on stderr."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a letter that the terminal lacks must not stop a command
            stream.reconfigure(errors="backslashreplace")
    try:
        code = run()
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


def _complain(message: str) -> int:
    from taskcontract.cli.output import show_page
    from taskcontract.reporting.page import line

    first, *others = message.split("\n")
    show_page([line(("taskcontract: ", "breaking"), first), *map(line, others)], sys.stderr)
    return MISTAKE
