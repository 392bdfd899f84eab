"""`taskcontract catalogue`: static pages on the services whose APIs and contracts a project keeps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.errors import ConfigError
from taskcontract.reporting.escape import tame_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from taskcontract.model.config import Config
    from taskcontract.reporting.catalogue.content import Catalogue, Service
    from taskcontract.reporting.rules import RuleText

__all__ = ["run"]

EPILOG = """\
The pages need no server and no script: each service with its published versions, their tasks, parameters and
what changed, who calls whom as a drawing, and the rules behind what changed. Each version, task and finding
has an address; --format json lists those of the versions. Read are the published specs and the contracts in
the folders that are configured; with --registry a registry instead, and then the pages show too what runs in
each environment and whether it goes together. A registry is read only where --registry names it.

A folder that is there is replaced as a whole if `catalogue` wrote it, and else refused.

examples:
  taskcontract catalogue --out site
  taskcontract catalogue --contracts ../all/contracts --out site --versions 50
  taskcontract catalogue --registry s3://bucket/prefix --out site

exit codes: 0 it is written, 2 it could not be.
"""
MARK = ".taskcontract-catalogue"
"""The file by which a folder of ours is known."""


@command("catalogue", "Write pages on all services that are published here.", epilog=EPILOG)
@option("--out", metavar="FOLDER", required=True, help="the folder to write")
@option(
    "--contracts",
    multiple=True,
    metavar="FOLDER",
    help="where specs and contracts are; repeatable (default: those configured)",
)
@option(
    "--registry",
    metavar="PLACE",
    help="read this registry, a folder or s3://BUCKET/PREFIX, and not the project's folders",
)
@option(
    "--versions",
    type=click.IntRange(min=1),
    default=20,
    metavar="N",
    help="how many versions of a service are shown (default: 20)",
)
@format_option("text", "json")
def run(out: str, contracts: tuple[str, ...], registry: str | None, versions: int, form: str) -> int:
    """Write the pages into the folder `out`; 0."""
    from taskcontract.model.folders import write_folder
    from taskcontract.reporting.catalogue.pages import write_pages

    if registry is None:
        catalogue = _read_folders(read_project_config(), contracts, versions)
    elif contracts:
        raise ConfigError(
            "--contracts and --registry are two places to read",
            do="Name one of them: folders of the project, or a registry.",
        )
    else:
        catalogue = _read_registry(registry, versions)
    pages = dict(write_pages(catalogue))
    write_folder(out, pages.items(), MARK)
    if form == "json":
        from taskcontract.reporting.catalogue.report import write_catalogue
        from taskcontract.reporting.documents import write_document

        write_output(write_document("catalogue", write_catalogue(catalogue, out, pages)), None)
    else:
        services = len(catalogue.services)
        counted = "one service" if services == 1 else f"{services:,} services"
        sys.stderr.write(f"{tame_line(out)}: {len(pages):,} pages on {counted}\n")
    return 0


def _read_folders(config: Config, contracts: tuple[str, ...], most: int) -> Catalogue:
    from pathlib import Path

    from taskcontract.cli.catalogue_reading import read_services
    from taskcontract.reporting.catalogue.content import Catalogue
    from taskcontract.reporting.progress import show_progress

    named = [Path.cwd() / folder for folder in contracts]
    folders = named or list(dict.fromkeys(folder for part in config.parts for folder in part.folders))
    with show_progress("reading what is published"):
        services = tuple(read_services(folders, most))
    shown = ", ".join(contracts or (_shorten(folder) for folder in folders))
    return Catalogue(shown, services, (), _explain(services))


def _read_registry(place: str, most: int) -> Catalogue:
    from datetime import date

    from taskcontract.cli.catalogue_registry import read_registry
    from taskcontract.cli.registries import find_registry
    from taskcontract.reporting.catalogue.content import Catalogue
    from taskcontract.reporting.progress import show_progress

    registry = find_registry(read_project_config(), place).require()
    today = date.today()  # noqa: DTZ011 - as a worker reads its clock
    with show_progress("reading the registry"):
        services, environments = read_registry(registry, most, today)
    return Catalogue(registry.place, services, environments, _explain(services))


def _shorten(folder: Path) -> str:
    from os.path import relpath

    return relpath(folder)


def _explain(services: Iterable[Service]) -> dict[str, RuleText]:
    """Return the rules behind what changed, by their ids."""
    from taskcontract.cli.all_rules import describe_any_rule

    used = {
        finding.rule
        for service in services
        for version in service.versions
        if version.changes is not None
        for finding in version.changes.findings
    }
    return {rule: describe_any_rule(rule) for rule in sorted(used)}
