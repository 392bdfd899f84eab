"""May a version go? Every reason against it, from contracts, uses and messages in flight."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.declare.task import Task
    from taskcontract.model.contract import Contract
    from taskcontract.provider.inflight import InFlight
    from taskcontract.provider.usage import Use

__all__ = ["Retirement", "judge_retirement"]


@dataclass(frozen=True, slots=True)
class Retirement:
    """Who stands in the way of removing a version; it may go where nobody does.

    `expecting` are the consumers whose contracts call it, `calling` those that called it within
    `days` days, `in_flight` how many messages for it are under way, and `untold` how many in its queue
    may be for it (a broker that tells nothing but their number).
    """

    task: str
    expecting: tuple[str, ...]
    calling: tuple[Use, ...]
    in_flight: int
    untold: int
    days: float

    @property
    def may_go(self) -> bool:
        """Whether nobody expects it, calls it or has a message under way."""
        return not (self.expecting or self.calling or self.in_flight or self.untold)


def judge_retirement(
    task: Task[..., Any],
    contracts: Iterable[Contract],
    uses: Iterable[Use],
    in_flight: Iterable[InFlight],
    *,
    days: float = 30,
    now: float | None = None,
) -> Retirement:
    """Whether `task` may go, at the time `now` (seconds since the epoch; default: the present)."""
    messages = list(in_flight)
    since = (time.time() if now is None else now) - days * 86_400
    return Retirement(
        task=task.id,
        expecting=tuple(
            sorted(
                contract.consumer
                for contract in contracts
                if contract.provider == task.service.name
                and any(interaction.wire_name == task.wire_name for interaction in contract.interactions)
            )
        ),
        calling=tuple(use for use in uses if use.key.task == task.wire_name and use.last_seen >= since),
        in_flight=sum(message.task == task.wire_name for message in messages),
        untold=sum(message.place == "counted" for message in messages),
        days=days,
    )
