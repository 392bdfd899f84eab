"""`taskcontract record-undeployment`: a version no longer runs in an environment."""

from __future__ import annotations

from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.recording import show_change
from taskcontract.cli.registries import environment_option, find_registry, registry_option, service_argument

__all__ = ["run"]

EPILOG = """\
examples:
  taskcontract record-undeployment legacy --from production        whatever runs of it there
  taskcontract record-undeployment backup-tool 1.2.0 --from customers

exit codes: 0 it is recorded, 2 it could not be, or nothing of the kind runs there.
"""


@command("record-undeployment", "Record that a version no longer runs in an environment.", epilog=EPILOG)
@service_argument()
@argument(
    "version", metavar="VERSION", required=False, default="", help="its version (default: all that run)"
)
@environment_option("--from", "where it ran")
@option("--instance", metavar="NAME", help="which of several that run side by side")
@registry_option()
@format_option("text", "json")
def run(
    service: str, version: str, environment: str, instance: str | None, registry: str | None, form: str
) -> int:
    """Record that what is meant ended; 0."""
    from taskcontract.registry.environments import record_end

    found = find_registry(read_project_config(), registry).require()
    ended = record_end(found, environment, service, version, instance)
    names = ", ".join(each.published.id for each in ended)
    there = found.find_environment(environment)
    show_change("record-undeployment", there, f"{names} no longer runs in {environment}", form)
    return 0
