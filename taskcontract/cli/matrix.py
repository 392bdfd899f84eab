"""`taskcontract matrix`: which versions go together, where they run."""

from __future__ import annotations

from datetime import date

from taskcontract.cli.ages import read_past
from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.registries import find_registry, registry_option
from taskcontract.cli.rehearse import EXITS

__all__ = ["run"]

EPILOG = """\
Shown are the pairs of a consumer and a provider that run in an environment, and those of the newest version
of each main branch. There are no webhooks: a scheduled job asks what changed since it last ran, and starts
the runs that are missing.

examples:
  taskcontract matrix
  taskcontract matrix --environment production
  taskcontract matrix --changed-since 15m --format json

exit codes: 0 all go together, 1 some do not, 2 of some it is not known.
"""


@command("matrix", "Which versions go together, where they run.", epilog=EPILOG)
@option(
    "--environment", "environments", multiple=True, metavar="NAME", help="only what runs there; repeatable"
)
@option("--changed-since", metavar="AGE", help="only pairs of which one side is new since then: 15m, 12h, 7d")
@registry_option()
@format_option("text", "json", "markdown")
def run(environments: tuple[str, ...], changed_since: str | None, registry: str | None, form: str) -> int:
    """Print the cells of the matrix; 1 where one says no, 2 where one is not known."""
    since = (
        "" if changed_since is None else f"{read_past('--changed-since', changed_since):%Y-%m-%dT%H:%M:%SZ}"
    )
    found = find_registry(read_project_config(), registry).require()

    from taskcontract.deployment.cells import answer_all
    from taskcontract.deployment.matrix import find_matrix
    from taskcontract.reporting.deployment import (
        render_groups,
        render_groups_markdown,
        write_groups,
    )

    today = date.today()  # noqa: DTZ011 - as a worker reads its clock
    groups = list(find_matrix(found, today, environments, since))
    if form == "json":
        from taskcontract.reporting.documents import write_document

        write_output(write_document("matrix", {"groups": write_groups(groups)}), None)
    elif form == "markdown":
        write_output(render_groups_markdown(groups), None)
    else:
        show_page(render_groups(groups))
    return EXITS[answer_all(cell.answer for group in groups for cell in group.cells)]
