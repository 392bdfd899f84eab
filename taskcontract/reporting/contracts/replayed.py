"""All that a report on replayed contracts shows, and the order in which it does."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.verification.outcome import Outcome

__all__ = ["Replayed", "Unreplayed", "count", "group", "spell_counts", "title"]

ORDER = ("failed", "pending", "passed")


@dataclass(frozen=True, slots=True)
class Unreplayed:
    """What could not be replayed: an interaction, or the whole `file` where `name` says so.

    `what` is the error's whole text. `consumer` is empty where nothing of the file could be read.
    """

    name: str
    file: str
    what: str
    consumer: str = ""
    provider: str = ""


Entry: TypeAlias = "Outcome | Unreplayed"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One run: its outcomes, and facts about it, each a label with a text (`worker`, `pusher`).

    `skipped` are the files that were left out, with the reason. `began` is in seconds since the epoch,
    `seconds` how long the run took.
    """

    outcomes: tuple[Outcome, ...]
    unreplayed: tuple[Unreplayed, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    began: float = 0.0
    seconds: float = 0.0


def group(run: Replayed) -> list[tuple[tuple[str, str], list[Entry]]]:
    """Return the entries of each consumer and provider, by their names; what failed comes first."""
    groups: dict[tuple[str, str], list[Entry]] = {}
    for each in _entries(run):
        groups.setdefault((each.consumer, each.provider), []).append(each)
    for entries in groups.values():
        entries.sort(key=lambda each: ORDER.index(verdict_of(each)))
    return sorted(groups.items())


def verdict_of(entry: Entry) -> str:
    """Return `passed`, `failed` or `pending`."""
    return "failed" if isinstance(entry, Unreplayed) else entry.verdict


def count(entries: Iterable[Entry]) -> Counter[str]:
    """Return how many have each verdict."""
    return Counter(map(verdict_of, entries))


def spell_counts(counts: Counter[str]) -> str:
    """Return `1 failed, 7 passed`; `nothing was replayed` of none."""
    told = [f"{counts[verdict]} {verdict}" for verdict in ORDER if counts[verdict]]
    return ", ".join(told) or "nothing was replayed"


def title(run: Replayed) -> str:
    """Return what the report is headed by: `Contracts: 1 failed, 7 passed`."""
    return f"Contracts: {spell_counts(count(_entries(run)))}"


def _entries(run: Replayed) -> Iterator[Entry]:
    yield from run.outcomes
    yield from run.unreplayed
