"""All pairs of versions that matter: those that run together, and the newest of all main branches."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.deployment.judge import PairJudge
from taskcontract.registry.selecting import find_main, find_recent

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator
    from datetime import date

    from taskcontract.deployment.cells import Cell
    from taskcontract.registry.records import PublishedVersion
    from taskcontract.registry.registry import Registry

__all__ = ["MAIN", "Group", "find_matrix"]

MAIN = "main"
"""The group of the newest versions of all main branches."""


class Group(NamedTuple):
    """The cells of versions that go together: `where` is an environment, or "" for the newest of main."""

    where: str
    cells: tuple[Cell, ...]


def find_matrix(
    registry: Registry, today: date, environments: Collection[str] = (), changed_since: str = ""
) -> Iterator[Group]:
    """Yield the cells in each of `environments`; without any, in all of them and of the main branches.

    With `changed_since` (a moment in UTC, as a registry has it) only those of which one side was published,
    or went there, since then.
    """
    for name in environments or registry.list_environments():
        there = registry.get_environment(name)
        moments = {
            (each.published.service, each.published.version): max(each.at, each.published.at)
            for each in there.running
        }
        judge = PairJudge(registry, partial(_find_bases, registry, there.versions), today)
        yield Group(name, tuple(_pair(judge, there.versions, moments, changed_since)))
    if environments:
        return
    heads = (find_main(registry, service) for service in registry.list_services())
    newest = [head for head in heads if head is not None]
    moments = {(each.service, each.version): each.at for each in newest}
    judge = PairJudge(registry, partial(_find_bases, registry, newest), today)
    yield Group("", tuple(_pair(judge, newest, moments, changed_since)))


def _find_bases(
    registry: Registry, together: Iterable[PublishedVersion], provider: str
) -> Iterator[PublishedVersion]:
    yield from (each for each in together if each.service == provider)
    yield from find_recent(registry, provider)


def _pair(
    judge: PairJudge,
    versions: Iterable[PublishedVersion],
    moments: dict[tuple[str, str], str],
    changed_since: str,
) -> Iterator[Cell]:
    together = sorted(versions, key=lambda each: (each.service, each.version))
    for consumer in together:
        for provider in together:
            latest = max(
                moments[consumer.service, consumer.version], moments[provider.service, provider.version]
            )
            cell = judge.judge(consumer, provider) if latest >= changed_since else None
            if cell is not None:
                yield cell
