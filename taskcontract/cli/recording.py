"""What the commands share that record what runs where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.cli.command import option
from taskcontract.cli.options import read_project_config
from taskcontract.cli.output import write_output
from taskcontract.cli.registries import find_author, find_registry, now, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.registry.records import Environment, How

__all__ = ["new_option", "record", "show_change"]


RECORDED: dict[How, str] = {"deployed": "record-deployment", "released": "record-release"}
"""The command that records each way to run."""


def new_option() -> Callable[[Any], Any]:
    """Add `--new`: a mistyped environment is not begun by accident."""
    return option("--new", is_flag=True, help="begin the environment, where nothing was recorded before")


def record(
    service: str,
    version: str,
    environment: str,
    registry: str | None,
    *,
    how: How,
    instance: str,
    new: bool,
    form: str,
) -> int:
    """Record that a version runs, and show what runs there then; 0."""
    from taskcontract.registry.environments import record_start
    from taskcontract.registry.records import Running

    found = find_registry(read_project_config(), registry).require()
    published = found.get_version(service, version)
    running = Running(published, how, instance, now(), find_author())
    there = record_start(found, environment, running, new=new)
    beside = f" as {instance}" if instance else ""
    show_change(RECORDED[how], there, f"{published.id} is {how} to {environment}{beside}", form)
    return 0


def show_change(command: str, there: Environment, told: str, form: str) -> None:
    """Print what `command` recorded, as a sentence or as what runs in the environment now."""
    if form == "text":
        say(told)
        return
    from taskcontract.reporting.documents import write_document

    content = {"environment": there.name, "running": [each.write() for each in there.running]}
    write_output(write_document(command.replace("-", "_"), content), None)
