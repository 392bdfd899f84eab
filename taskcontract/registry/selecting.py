"""Versions by what they are to their service: the newest of its main branch, those that run."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from taskcontract.registry.records import PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = ["MAIN_BRANCHES", "MOST_RECENT", "find_main", "find_recent", "find_running"]

MAIN_BRANCHES = ("main", "master", "trunk")
"""What a main branch is called; the first that a service publishes from is its own."""


MOST_RECENT = 10
"""Versions of a main branch that are looked at."""


def find_main(registry: Registry, service: str) -> PublishedVersion | None:
    """Return the newest version of the main branch of `service`; of all, where it has no such branch."""
    return next(find_recent(registry, service), None)


def find_recent(registry: Registry, service: str) -> Iterator[PublishedVersion]:
    """Yield the newest versions of the main branch of `service`, each read when it is asked for."""
    for branch in MAIN_BRANCHES:
        names = registry.list_head(service, "branch", branch)
        if names:
            break
    else:
        names = registry.list_head(service, "newest", "all")
    found = (registry.find_version(service, name) for name in names[:MOST_RECENT])
    # What is not there is of a publisher that was stopped before it was.
    yield from (version for version in found if version is not None)


def find_running(
    registry: Registry, service: str, environments: Collection[str] = ()
) -> Iterator[tuple[PublishedVersion, str]]:
    """Yield each version of `service` that runs in one of `environments` (default: all), and in which.

    A RegistryError for an environment that is not there.
    """
    for name in environments or registry.list_environments():
        there = registry.get_environment(name)
        yield from ((version, name) for version in there.find(service))
