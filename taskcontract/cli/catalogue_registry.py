"""What a registry holds, as the content of a catalogue's pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.cli.catalogue_reading import compare
from taskcontract.reporting.catalogue.content import (
    Environment,
    Fit,
    Reliance,
    Running,
    Service,
    Trouble,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from taskcontract.deployment.cells import Cell
    from taskcontract.diff.budget import ProofBudget
    from taskcontract.registry.records import Environment as Place
    from taskcontract.registry.records import PublishedVersion
    from taskcontract.registry.registry import Registry
    from taskcontract.reporting.catalogue.content import Changes

__all__ = ["read_registry"]


def read_registry(
    registry: Registry, most: int, today: date
) -> tuple[tuple[Service, ...], tuple[Environment, ...]]:
    """Return all services of a registry, and its environments with what runs there.

    `most` is how many versions of a service are shown, besides those that run. The sunsets are judged as of
    `today`. All comparisons share one budget. A RegistryError names what cannot be read.
    """
    from taskcontract.diff.budget import ProofBudget

    places = [registry.get_environment(name) for name in registry.list_environments()]
    budget = ProofBudget()
    services = (_read_service(registry, name, places, most, budget) for name in registry.list_services())
    return tuple(filter(None, services)), tuple(_read_environments(registry, places, today))


def _read_service(
    registry: Registry, name: str, places: Sequence[Place], most: int, budget: ProofBudget
) -> Service | None:
    """Return a service with its newest versions and those that run; None if none is whole."""
    found = (registry.find_version(name, each) for each in registry.list_head(name, "newest", "all"))
    newest: list[PublishedVersion] = []
    for each in found:
        if each is not None:  # else its publisher was stopped before it was there
            newest.append(each)
        # One more than is shown: what the oldest of those has changed.
        if len(newest) > most:
            break
    running = {each.version: each for place in places for each in place.find(name)}
    read = {each.version for each in newest}
    others = sorted((each for each in running.values() if each.version not in read), key=lambda each: each.at)
    listed = [*newest, *others[::-1]]
    shown = {*running, *(each.version for each in newest[:most])}
    versions = []
    for at, each in enumerate(listed):
        if each.version in shown:
            older = next((other for other in listed[at + 1 :] if other.spec), None) if each.spec else None
            changes = None if older is None else _compare(registry, older, each, budget)
            versions.append(_read_version(registry, each, places, changes))
    if not versions:
        return None
    return Service(name, tuple(versions), len({*registry.list_versions(name)} - shown))


def _read_version(
    registry: Registry, version: PublishedVersion, places: Sequence[Place], changes: Changes | None
) -> Version:
    runs = tuple(
        Running(place.name, version.version, each.how, each.at)
        for place in places
        for each in place.running
        if (each.published.service, each.published.version) == (version.service, version.version)
    )
    reliances = tuple(
        Reliance(each.provider, {task: len(digests) for task, digests in each.calls.items()})
        for each in version.contracts
    )
    return Version(
        version.version,
        version.at,
        version.by,
        version.branches,
        version.tags,
        registry.load_spec(version) if version.spec else None,
        reliances,
        runs,
        changes,
    )


def _compare(
    registry: Registry, older: PublishedVersion, newer: PublishedVersion, budget: ProofBudget
) -> Changes:
    changes = compare(registry.load_spec(older), registry.load_spec(newer), budget)
    # A version is what was deployed, often a commit; that of the API in it may be another.
    return changes._replace(before=older.version)


def _read_environments(registry: Registry, places: Sequence[Place], today: date) -> Iterator[Environment]:
    """Yield each environment with what runs there and whether it goes together, then the main branches."""
    from taskcontract.deployment.matrix import find_matrix
    from taskcontract.registry.selecting import find_main

    running = {
        place.name: tuple(
            Running(each.published.service, each.published.version, each.how, each.at)
            for each in place.running
        )
        for place in places
    }
    heads = (find_main(registry, name) for name in registry.list_services())
    running[""] = tuple(
        Running(each.service, each.version, "published", each.at) for each in heads if each is not None
    )
    for group in find_matrix(registry, today):
        yield Environment(group.where, running.get(group.where, ()), tuple(map(_read_fit, group.cells)))


def _read_fit(cell: Cell) -> Fit:
    return Fit(
        cell.consumer,
        cell.consumer_version,
        cell.provider,
        cell.provider_version,
        cell.answer,
        cell.reason,
        tuple(Trouble(each.description, each.task, each.call, each.why) for each in cell.troubles),
    )
