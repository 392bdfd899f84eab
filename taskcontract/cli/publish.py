"""`taskcontract publish`: what others need of a version of a service, into the registry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.cli.registries import (
    find_author,
    find_branch,
    find_registry,
    now,
    registry_option,
    say,
    service_argument,
    version_argument,
)
from taskcontract.errors import ConfigError
from taskcontract.model.keys import COMPATIBILITY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.config import Config
    from taskcontract.model.contract import Contract, Interaction
    from taskcontract.model.service import ServiceSpec
    from taskcontract.registry.publishing import Published
    from taskcontract.registry.records import Run

__all__ = ["run"]

EPILOG = """\
Published are the service's API (its bindings, where they are configured, or --spec), the contracts that its
tests recorded as a consumer, and with --verified what its worker did with its consumers' contracts. All of it
becomes visible in one step. The same again changes nothing, more is added, and other content under a version
that exists is refused.

examples:
  taskcontract publish pusher 2.0.0 --branch main
  taskcontract publish service-a 3f2c1ab --contracts contracts
  taskcontract publish pusher 2.0.0 --verified run.json     what pytest --taskcontract-json run.json wrote
  taskcontract publish legacy 7 --spec git:HEAD             a project without bindings

exit codes: 0 it is published, 2 it could not be.
"""


@command("publish", "Publish a version of a service: its API, its contracts, its results.", epilog=EPILOG)
@service_argument()
@version_argument()
@registry_option()
@option(
    "--branch", metavar="BRANCH", help="the branch that it was built from (default: as the CI service says)"
)
@option("--tag", "tags", multiple=True, metavar="TAG", help="a tag to find it by; repeatable")
@option(
    "--spec",
    metavar="SOURCE",
    help="its API: whatever `taskcontract diff` compares (default: the configured bindings)",
)
@option(
    "--contracts",
    "folders",
    multiple=True,
    metavar="FOLDER",
    help="where its contracts are (default: `contracts` of [tool.taskcontract])",
)
@option("--verified", metavar="FILE", help="what a run wrote: pytest --taskcontract --taskcontract-json FILE")
@option(
    "--compatibility",
    type=click.Choice(COMPATIBILITY),
    metavar="MODE",
    help="what it promises to those that run: backward, forward, full, each also as full-transitive "
    "(default: that of [tool.taskcontract])",
)
@format_option("text", "json")
def run(
    service: str,
    version: str,
    registry: str | None,
    branch: str | None,
    tags: tuple[str, ...],
    spec: str | None,
    folders: tuple[str, ...],
    verified: str | None,
    compatibility: str | None,
    form: str,
) -> int:
    """Publish what there is of `service` under `version`; 0."""
    from taskcontract.registry.publishing import Publication, publish

    config = read_project_config()
    found = find_registry(config, registry)
    own = config.services.get(service, config)
    promised = compatibility or own.compatibility
    publication = Publication(
        service,
        version,
        at=now(),
        by=find_author(),
        branch=find_branch() if branch is None else branch,
        tags=tags,
        spec=_find_spec(service, spec, config, own),
        contracts=tuple(_find_contracts(service, folders, own)),
        runs=_read_runs(service, verified),
        compatibility="" if promised == "none" else promised,
    )
    if publication.spec is None and not publication.contracts and not publication.runs:
        raise ConfigError(
            f"there is nothing to publish of {service}: no bindings declare it, it recorded no contract",
            do="Check the name; give --spec, --contracts or --verified.",
        )
    is_new = found.begin()
    published = publish(found, publication)
    if form == "json":
        from taskcontract.reporting.documents import write_document

        write_output(write_document("publish", _write(published, found.place)), None)
    else:
        if is_new:
            say(f"a registry begins at {found.place}")
        say(_describe(published, found.place))
    return 0


def _find_spec(service: str, source: str | None, config: Config, own: Config) -> ServiceSpec | None:
    """Return the API that `source` names, or the one that the configured bindings declare."""
    if source is None:
        from taskcontract.cli.services import name_bindings
        from taskcontract.extract.bindings import find_services

        for module in name_bindings(own) if own.bindings else ():
            for declared in find_services(module).values():
                if declared.name == service:
                    return declared.spec()
        return None
    from taskcontract.cli.operands import find_side

    side = find_side(source, config, None)
    # A project without bindings is called after what it was read from.
    return side.spec if side.spec.version else replace(side.spec, name=service)


def _find_contracts(service: str, folders: Iterable[str], own: Config) -> Iterable[Contract]:
    from taskcontract.registry.contracts import load_contracts

    named = [Path(folder) for folder in folders]
    there = named or [folder for folder in own.folders if folder.is_dir()]
    found = [each for each in load_contracts(there) if each.consumer == service]
    if named and not found:
        raise ConfigError(
            f"no contract there is one of {service}",
            where=", ".join(map(str, named)),
            do="Record them with its tests, or check the name.",
        )
    return merge_contracts(found)


def merge_contracts(contracts: Iterable[Contract]) -> list[Contract]:
    """Return one contract for each provider, of however many files."""
    merged: dict[str, Contract] = {}
    for each in contracts:
        known = merged.setdefault(each.provider, each)
        if known is each:
            continue
        alike: dict[str, list[Interaction]] = {}  # not each with each: there may be thousands
        for one in known.interactions:
            alike.setdefault(one.description, []).append(one)
        more = tuple(one for one in each.interactions if one not in alike.get(one.description, ()))
        merged[each.provider] = replace(known, interactions=(*known.interactions, *more))
    return [merged[provider] for provider in sorted(merged)]


def _read_runs(service: str, verified: str | None) -> tuple[Run, ...]:
    if verified is None:
        return ()
    from taskcontract.registry.verified import load_run

    return (load_run(Path(verified), service, find_author()),)


def _describe(published: Published, place: str) -> str:
    from taskcontract.reporting.page import pluralise

    version = published.version
    parts = [f"API {version.api}".rstrip()] if version.spec else []
    parts += [
        f"{pluralise(len(each.digests), 'interaction')} with {each.provider}" for each in version.contracts
    ]
    replayed = {digest for each in version.runs for digest in (*each.passed, *each.failed)}
    parts += [pluralise(len(replayed), "replayed interaction")] if replayed else []
    under = [*(f"branch {each}" for each in version.branches), *(f"tag {each}" for each in version.tags)]
    said = {"published": "published", "added": "added to", "unchanged": "unchanged"}[published.state]
    return f"{version.id} {said}: {', '.join(parts)} ({', '.join([*under, place])})"


def _write(published: Published, place: str) -> dict[str, object]:
    return {"registry": place, "state": published.state, "version": published.version.write()}
