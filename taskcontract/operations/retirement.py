"""May a version go? Every reason against it, from contracts, uses and messages in flight."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.usage.use import DAY

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.declare.beat.entries import ScheduledCall
    from taskcontract.declare.task import Task
    from taskcontract.model.contract import Contract
    from taskcontract.operations.inflight import InFlight
    from taskcontract.usage import Counted, Use

__all__ = ["Retirement", "judge_retirement"]


@dataclass(frozen=True, slots=True)
class Retirement:
    """What stands in the way of removing a version; it may be removed if nothing does.

    `expecting` are the consumers whose contracts call it, `calling` those that called it within
    `days` days, `scheduled` the names of beat's entries that call it, `in_flight` how many messages for it
    are under way, and `untold` how many in its queues may be for it (a broker that says nothing but their
    number). `counted_days` is for how long calls are counted; None where that was not to be looked at.
    """

    task: str
    expecting: tuple[str, ...]
    calling: tuple[Use, ...]
    scheduled: tuple[str, ...]
    in_flight: int
    untold: int
    days: float
    counted_days: float | None

    @property
    def counted_seconds(self) -> float:
        """For how many seconds calls are counted."""
        return (self.counted_days or 0.0) * DAY

    @property
    def counted_too_short(self) -> bool:
        """Whether a caller within the days that were asked for may not have been counted."""
        return self.counted_days is not None and self.counted_days < self.days

    @property
    def may_go(self) -> bool:
        """Whether no contract, caller or message in flight needs it, as far as is known."""
        reasons = (self.expecting, self.calling, self.scheduled, self.in_flight, self.untold)
        return not (any(reasons) or self.counted_too_short)


def judge_retirement(
    task: Task[..., Any],
    contracts: Iterable[Contract],
    counted: Counted | None,
    in_flight: Iterable[InFlight],
    scheduled: Iterable[ScheduledCall] = (),
    *,
    alias: str = "",
    days: float = 30,
    now: float | None = None,
) -> Retirement:
    """Return whether `task` may go, at the time `now` (seconds since the epoch; default: the present).

    `counted` is what is known of its service's calls; None leaves them out of it. `scheduled` are beat's.
    With `alias`, one of its wire names, the question is whether that name alone may go.
    """
    messages = list(in_flight)
    now = time.time() if now is None else now
    uses = counted.uses if counted is not None else ()
    names = {alias} if alias else {*task.wire_names}
    since = now if counted is None or counted.since is None else counted.since
    return Retirement(
        task=f"{alias} (an alias of {task.id})" if alias else f"{task.service.name}.{task.id}",
        expecting=tuple(
            sorted(
                contract.consumer
                for contract in contracts
                if contract.provider == task.service.name
                and any(interaction.wire_name in names for interaction in contract.interactions)
            )
        ),
        calling=tuple(use for use in uses if use.key.task in names and use.is_within(days, now)),
        scheduled=tuple(entry.name for entry in scheduled if names & entry.calls),
        in_flight=sum(message.task in names for message in messages),
        untold=sum(message.place == "counted" for message in messages),
        days=days,
        counted_days=None if counted is None else max(0.0, (now - since) / DAY),
    )
