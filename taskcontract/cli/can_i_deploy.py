"""`taskcontract can-i-deploy`: whether versions may go to an environment, and in which order."""

from __future__ import annotations

from datetime import date

import click

from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.registries import environment_option, find_registry, registry_option
from taskcontract.cli.rehearse import EXITS
from taskcontract.errors import ConfigError
from taskcontract.model.keys import COMPATIBILITY

__all__ = ["run"]

EPILOG = """\
A version may go out if each interaction of a contract, with whatever runs there on the other side, passed on
a live worker of that version; or passed on another version, and the change between the two is proved to mean
the same for that very call. Several versions may go together: the answer names an order in which each of them
may go.

examples:
  taskcontract can-i-deploy pusher 2.0.0 --to production
  taskcontract can-i-deploy pusher 2.0.0 service-a 17 --to production     both, in whichever order works
  taskcontract can-i-deploy pusher 2.0.0 --to production --format markdown >> "$GITHUB_STEP_SUMMARY"

exit codes: 0 yes, 1 no, 2 it is not known, or could not be found out.
"""


@command(
    "can-i-deploy",
    "May these versions go to an environment, and in which order?",
    epilog=EPILOG,
    options_metavar="--to ENVIRONMENT [OPTIONS]",
)
@argument(
    "words",
    metavar="SERVICE VERSION",
    nargs=-1,
    required=True,
    help="a service and the version of it that is to go",
)
@environment_option("--to", "where it is to run")
@registry_option()
@option(
    "--compatibility",
    type=click.Choice(COMPATIBILITY),
    metavar="MODE",
    help="what it has to keep besides (default: what the version promises)",
)
@format_option("text", "json", "markdown")
def run(
    words: tuple[str, ...], environment: str, registry: str | None, compatibility: str | None, form: str
) -> int:
    """Print whether the versions may go to `environment`; 1 where they may not, 2 where it is not known."""
    pairs = _pair(words)
    found = find_registry(read_project_config(), registry).require()

    from taskcontract.deployment.verdict import may_deploy
    from taskcontract.reporting.deployment import render_verdict, render_verdict_markdown, write_verdict

    there = found.get_environment(environment)
    candidates = [found.get_version(service, version) for service, version in pairs]
    today = date.today()  # noqa: DTZ011 - as a worker reads its clock
    verdict = may_deploy(found, there, candidates, today, compatibility or "")
    if form == "json":
        from taskcontract.reporting.documents import write_document

        write_output(write_document("can_i_deploy", write_verdict(verdict)), None)
    elif form == "markdown":
        write_output(render_verdict_markdown(verdict), None)
    else:
        show_page(render_verdict(verdict))
    return EXITS[verdict.answer]


def _pair(words: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return services with their versions; a ConfigError where one has none, or two."""
    if len(words) % 2:
        raise ConfigError(
            f"{words[-1]!r} has no version",
            where="can-i-deploy",
            do="Write SERVICE VERSION, as often as needed.",
        )
    pairs = list(zip(words[::2], words[1::2], strict=True))
    for service, _ in pairs:
        if [name for name, _ in pairs].count(service) > 1:
            raise ConfigError(
                f"{service!r} is to go in two versions", where="can-i-deploy", do="Name one of them."
            )
    return pairs
