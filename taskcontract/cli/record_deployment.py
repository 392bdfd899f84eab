"""`taskcontract record-deployment`: a version runs in an environment, in the place of the one before."""

from __future__ import annotations

from taskcontract.cli.command import command, option
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
Record it when the last of the old workers and callers are gone: until then, what runs is what ran before.
`can-i-deploy` judges by what is recorded.

examples:
  taskcontract record-deployment pusher 2.0.0 --to production
  taskcontract record-deployment pusher 2.0.0 --to staging --new              the first that runs there
  taskcontract record-deployment pusher 2.0.0 --to production --instance eu   beside the instance us

exit codes: 0 it is recorded, 2 it could not be.
"""


@command("record-deployment", "Record that a version runs in an environment.", epilog=EPILOG)
@service_argument()
@version_argument()
@environment_option("--to", "where it runs")
@option("--instance", default="", metavar="NAME", help="which of several that run side by side")
@new_option()
@registry_option()
@format_option("text", "json")
def run(
    service: str, version: str, environment: str, instance: str, new: bool, registry: str | None, form: str
) -> int:
    """Record that `version` is deployed; 0."""
    return record(
        service, version, environment, registry, how="deployed", instance=instance, new=new, form=form
    )
