"""`taskcontract changelog`: what changed for callers from version to version."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from taskcontract.cli.cluster import find_systems
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import app_option, format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.services import select_services, service_option
from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.provider.provider import Provider

__all__ = ["run"]

EPILOG = """\
The text is that of the adapters' docstrings: it stands in the provider's code, which is imported.

examples:
  taskcontract changelog
  taskcontract changelog send_to_s3 --app pusher --format markdown -o CHANGELOG.md

exit codes: 0 it is written, 2 it could not be.
"""


@command("changelog", "What changed from version to version, the newest first.", epilog=EPILOG)
@argument("tasks", metavar="TASK", nargs=-1, help="a task's name (default: all)")
@service_option()
@app_option("the Celery app, as for `celery -A` (default: configured)")
@format_option("text", "markdown", "json")
@option("-o", "--output", metavar="FILE", help="default: the terminal")
def run(
    tasks: tuple[str, ...],
    services: tuple[str, ...],
    app: str | Celery | None,
    form: str,
    output: str | None,
) -> int:
    """Print the changelog of `tasks`, or of all, of `services`."""
    systems = find_systems(select_services(read_project_config(), (), services), app)

    from taskcontract.provider.changelog import write_changelog
    from taskcontract.reporting.changelog import render_changelog, render_changelog_markdown
    from taskcontract.reporting.documents import write_document
    from taskcontract.reporting.escape import tame
    from taskcontract.reporting.page import write_plain

    histories = write_changelog(tuple(each for system in systems for each in _find_providers(system.app)))
    known = {history.task for history in histories}
    for name in tasks:
        if name not in known:
            raise ConfigError(
                f"no provider serves a task {name!r}", do=f"There are {', '.join(sorted(known))}."
            )
    chosen = [each for each in histories if not tasks or each.task in tasks]
    if form == "json":
        write_output(write_document("changelog", {"tasks": [asdict(history) for history in chosen]}), output)
    elif form == "markdown":
        write_output(tame(render_changelog_markdown(chosen)), output)
    elif output in (None, "-"):
        show_page(render_changelog(chosen))
    else:
        write_output(write_plain(render_changelog(chosen)), output)
    return 0


def _find_providers(app: Celery) -> tuple[Provider, ...]:
    from taskcontract.extract.import_failure import make_import_error
    from taskcontract.provider import providers_of

    try:
        app.loader.import_default_modules()
    except Exception as error:  # whatever importing the user's modules raises
        raise make_import_error(
            f"a module of the app {app.main!r}", error, "See that its worker starts."
        ) from None
    providers = providers_of(app)
    if not providers:
        raise ConfigError(
            f"the app {app.main!r} has no provider",
            do="Its modules make none with Provider(app, service): name another app with --app.",
        )
    return providers
