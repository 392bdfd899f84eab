"""`taskcontract fetch`: what others published that concerns a service, into the project's folders."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.cli.command import command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import write_output
from taskcontract.cli.registries import find_registry, registry_option, say, service_argument
from taskcontract.errors import RegistryError

if TYPE_CHECKING:
    from taskcontract.registry.fetching import FetchedContract, FetchedSpec

__all__ = ["run"]

EPILOG = """\
Brought are the contracts of the consumers of SERVICE, one file for each (CONSUMER--SERVICE.json) and one more
for what an older version of it expects besides; and the APIs of the services that SERVICE calls
(SERVICE/VERSION.json), as `taskcontract diff` reads them. By default those count that run in any environment,
and the newest of each main branch. What an earlier fetch brought and nobody wants any more is named; --prune
removes it.

An interaction that never passed on a version of SERVICE that runs, nor on the newest of its main branch, is
marked as pending: its failure breaks no build, so that a consumer may ask for what is not there yet.

examples:
  taskcontract fetch pusher -o contracts && pytest --taskcontract
  taskcontract fetch pusher --environment production             what it must not break
  taskcontract fetch pusher --branch feature/x                   what goes with a branch of the same name

exit codes: 0 it is brought, 2 it could not be.
"""


@command("fetch", "Bring the contracts of a service's consumers, and the APIs that it calls.", epilog=EPILOG)
@service_argument()
@registry_option()
@option("-o", "--output", metavar="FOLDER", help="where to (default: the first of `contracts`)")
@option(
    "--environment", "environments", multiple=True, metavar="NAME", help="only what runs there; repeatable"
)
@option("--branch", "branches", multiple=True, metavar="NAME", help="the newest of this branch; repeatable")
@option("--tag", "tags", multiple=True, metavar="NAME", help="the newest with this tag; repeatable")
@option("--work-in-progress", is_flag=True, help="the newest of all other branches too")
@option("--no-pending", is_flag=True, help="what never passed counts like all else")
@option("--prune", is_flag=True, help="remove what an earlier fetch brought and is no longer wanted")
@format_option("text", "json")
def run(
    service: str,
    registry: str | None,
    output: str | None,
    environments: tuple[str, ...],
    branches: tuple[str, ...],
    tags: tuple[str, ...],
    work_in_progress: bool,
    no_pending: bool,
    prune: bool,
    form: str,
) -> int:
    """Write what concerns `service` into a folder; 0."""
    from taskcontract.registry.fetching import Selection, fetch_apis, fetch_contracts
    from taskcontract.registry.left_behind import find_left, remove_file

    config = read_project_config()
    own = config.services.get(service, config)
    folder = own.folders[0] if output is None else Path(output)
    found = find_registry(config, registry).require()
    if service not in found.list_services() and not found.list_consumers(service):
        raise RegistryError(
            f"nothing is known of {service!r}: it published nothing, and no contract is with it",
            where=found.place,
            do=f"Check the name. Published are {', '.join(found.list_services()) or 'no services'}.",
        )
    for name in environments:
        found.get_environment(name)  # a mistyped one would look like the absence of any expectation
    selection = Selection(environments, branches, tags, work_in_progress)
    contracts = list(fetch_contracts(found, service, selection, mark_pending=not no_pending))
    specs = list(fetch_apis(found, service, selection))
    apis = _write_specs(specs, folder)  # first: one that is there with other content is refused
    rows = [*_write_contracts(contracts, folder), *apis]
    brought = {str(row["file"]) for row in rows}
    left = [
        each for each in find_left(folder, service, found.list_consumers(service)) if str(each) not in brought
    ]
    if prune:
        for each in left:
            remove_file(each)
    if form == "json":
        from taskcontract.reporting.documents import write_document

        unwanted = [{"file": str(each), "removed": prune} for each in left]
        write_output(
            write_document("fetch", {"registry": found.place, "files": rows, "unwanted": unwanted}), None
        )
        return 0
    for row in rows:
        pending = f", {row['pending']} pending" if row["pending"] else ""
        say(f"{row['file']}: {row['service']} {row['version']}, {row['why']}{pending}")
    for each in left:
        done = "removed" if prune else "a run replays it all the same; --prune removes it"
        say(f"{each}: no longer wanted, {done}")
    if not rows:
        say(f"nothing that is wanted concerns {service}")
    return 0


def _write_contracts(contracts: list[FetchedContract], folder: Path) -> list[dict[str, object]]:
    from taskcontract.model.files import write_file
    from taskcontract.model.pact_writing import dump_contract
    from taskcontract.registry.keys import quote_name

    rows = []
    written: set[str] = set()
    for each in contracts:
        consumer, provider = map(quote_name, (each.contract.consumer, each.contract.provider))
        name = f"{consumer}--{provider}.json"
        # What a service expects of itself stands under the plain name already: its own tests record it.
        if name in written or consumer == provider:
            name = f"{consumer}--{provider}--{quote_name(each.version.version)}.json"
        written.add(name)
        write_file(folder / name, dump_contract(each.contract))
        rows.append(
            _describe(folder / name, each.contract.consumer, each.version.version, each.why, each.pending)
        )
    return rows


def _write_specs(specs: list[FetchedSpec], folder: Path) -> list[dict[str, object]]:
    """Write each API under its own version, as a project's own published ones lie; others have none."""
    from taskcontract.registry.local import LocalRegistry

    local = LocalRegistry(folder)
    return [
        _describe(local.publish(each.spec)[0], each.spec.name, each.spec.version, each.why, 0)
        for each in specs
        if each.spec.version
    ]


def _describe(file: Path, service: str, version: str, why: str, pending: int) -> dict[str, object]:
    return {"file": str(file), "service": service, "version": version, "why": why, "pending": pending}
