"""`taskcontract can-i-deploy`: whether versions may go to an environment, and in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from taskcontract.cli.cluster import find_systems
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import cluster_options, format_option, read_project_config, timeout_option
from taskcontract.cli.output import show_page, write_output
from taskcontract.cli.registries import environment_option, find_registry, registry_option
from taskcontract.cli.rehearse import EXITS, Rehearsed, find_published_sides, rehearse
from taskcontract.errors import ConfigError
from taskcontract.model.keys import COMPATIBILITY

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["run"]

EPILOG = """\
A version may go out if each interaction of a contract, with whatever runs there on the other side, passed on
a live worker of that version; or passed on another version, and the change between the two is proved to mean
the same for that very call. Several versions may go together: the answer names an order in which each of them
may go.

examples:
  taskcontract can-i-deploy pusher 2.0.0 --to production
  taskcontract can-i-deploy pusher 2.0.0 service-a 17 --to production     both, in whichever order works
  taskcontract can-i-deploy pusher 2.0.0 --to production --broker redis://prod/0
  taskcontract can-i-deploy pusher 2.0.0 --to production --format markdown >> "$GITHUB_STEP_SUMMARY"

With --broker or --app, what waits in the queues of these services is rehearsed too, and nothing of it is
taken (see `taskcontract inflight --against`): the answer is no where a message would be refused or misread.

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
@option(
    "--sample", type=click.IntRange(min=1), metavar="N", help="look at N waiting messages of each queue only"
)
@timeout_option()
@format_option("text", "json", "markdown")
@cluster_options
def run(
    words: tuple[str, ...],
    environment: str,
    registry: str | None,
    compatibility: str | None,
    sample: int | None,
    timeout: float,
    form: str,
    app: str | Celery | None,
    broker: str | None,
    backend: str | None,
) -> int:
    """Print whether the versions may go to `environment`; 1 where they may not, 2 where it is not known."""
    pairs = _pair(words)
    config = read_project_config()
    found = find_registry(config, registry).require()

    from taskcontract.deployment.verdict import may_deploy
    from taskcontract.reporting.deployment import render_verdict, render_verdict_markdown, write_verdict
    from taskcontract.reporting.rehearsal import render_rehearsal, write_rehearsal

    there = found.get_environment(environment)
    candidates = [found.get_version(service, version) for service, version in pairs]
    today = date.today()  # noqa: DTZ011 - as a worker reads its clock
    verdict = may_deploy(found, there, candidates, today, compatibility or "")
    rehearsed: list[Rehearsed] = []
    if app is not None or broker is not None:
        system = find_systems([config], app, broker, backend)[0]
        rehearsed += (
            rehearse(system, sides, (), timeout=timeout, sample=sample)
            for sides in find_published_sides(found, there, candidates)
        )
    verdict = replace(verdict, waiting=tuple(each.rehearsal.verdict for each in rehearsed))
    if form == "json":
        from taskcontract.reporting.documents import write_document

        content = {
            **write_verdict(verdict),
            "rehearsals": [write_rehearsal(each.rehearsal) for each in rehearsed],
        }
        write_output(write_document("can_i_deploy", content), None)
    elif form == "markdown":
        write_output(render_verdict_markdown(verdict, [each.rehearsal for each in rehearsed]), None)
    else:
        show_page(render_verdict(verdict))
        for each in rehearsed:
            show_page(render_rehearsal(each.rehearsal, each.found.queues))
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
