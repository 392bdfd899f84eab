"""The fates of all messages in flight, counted by what is wrong."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from taskcontract.operations.inflight.fate import Fate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.operations.inflight import InFlight
    from taskcontract.operations.inflight.fate import Outcome

__all__ = ["Group", "Rehearsal", "summarise"]

COUNTED = Fate("unknown", "it is in a queue whose messages are only counted")


@dataclass(frozen=True, slots=True)
class Group:
    """Messages of one task and one consumer that fare alike for one reason; `first` is one of them."""

    outcome: Outcome
    task: str
    consumer: str
    reason: str
    count: int
    first: InFlight
    shown: str = ""
    """What a worker says of `first`."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What becomes of the messages in flight of one service.

    `old` and `new` name what serves now and the new version; `groups` are those that do not fare as now, the
    worst and largest first; `cut` the queues of which only the first so many messages were looked at.
    """

    service: str
    old: str
    new: str
    outcomes: dict[Outcome, int]
    groups: tuple[Group, ...]
    cut: tuple[tuple[str, int], ...] = ()

    @property
    def messages(self) -> int:
        """How many messages were judged."""
        return sum(self.outcomes.values())

    @property
    def verdict(self) -> Literal["yes", "no", "not known"]:
        """Whether each message that is served now means the same to the new version."""
        if self.outcomes.get("moved") or self.outcomes.get("refused"):
            return "no"
        return "not known" if self.outcomes.get("unknown") or self.cut else "yes"


ORDER: tuple[Outcome, ...] = ("moved", "refused", "unknown", "refused-already", "taken", "same")


def summarise(
    messages: Iterable[InFlight], service: str, old: str, new: str, cut: Iterable[tuple[str, int]] = ()
) -> Rehearsal:
    """Count the fates of `messages`; those without one have to do with neither version."""
    outcomes: Counter[Outcome] = Counter()
    counts: Counter[tuple[Outcome, str, str, str]] = Counter()
    firsts: dict[tuple[Outcome, str, str, str], InFlight] = {}
    for each in messages:
        fate = COUNTED if each.place == "counted" else each.fate
        if fate is None:
            continue
        outcomes[fate.outcome] += 1
        if fate.outcome != "same":
            key = (fate.outcome, each.task, each.consumer, fate.reason)
            counts[key] += 1
            firsts.setdefault(key, each)
    groups = [
        Group(*key, count, first, first.fate.shown if first.fate else "")
        for key, count in counts.items()
        for first in (firsts[key],)
    ]
    groups.sort(key=lambda group: (ORDER.index(group.outcome), -group.count, group.task, group.reason))
    counted: dict[Outcome, int] = {each: outcomes[each] for each in ORDER if outcomes[each]}
    return Rehearsal(service, old, new, counted, tuple(groups), tuple(cut))
