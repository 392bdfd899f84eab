"""`taskcontract record-release`: a version may be run by others, beside those that were released before."""

from __future__ import annotations

from taskcontract.cli.command import command
from taskcontract.cli.options import format_option
from taskcontract.cli.recording import new_option, record
from taskcontract.cli.registries import (
    environment_option,
    registry_option,
    service_argument,
    version_argument,
)

__all__ = ["run"]

EPILOG = """\
Released are versions that others run, each when they like: a command line tool, a plugin, an appliance. They
count until `record-undeployment` says that nobody runs them any more.

examples:
  taskcontract record-release backup-tool 1.4.0 --to customers

exit codes: 0 it is recorded, 2 it could not be.
"""


@command("record-release", "Record that others may run a version, beside older ones.", epilog=EPILOG)
@service_argument()
@version_argument()
@environment_option("--to", "where it may run")
@new_option()
@registry_option()
@format_option("text", "json")
def run(service: str, version: str, environment: str, new: bool, registry: str | None, form: str) -> int:
    """Record that `version` is released; 0."""
    return record(service, version, environment, registry, how="released", instance="", new=new, form=form)
