"""What a replay found: plain data, one Outcome per interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Interaction
    from taskcontract.verification.log_reader import LogLine
    from taskcontract.verification.matching import Mismatch

__all__ = ["UNREADABLE", "Fault", "Outcome", "Reply", "Sent", "Verification"]

UNREADABLE = "UNREADABLE"
"""The status of a result in a content type that is refused, such as pickle."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The message as it left: `queue` without the run's suffix."""

    task_id: str
    wire_name: str
    version: str
    args: tuple[Json, ...]
    kwargs: dict[str, Json]
    queue: str


@dataclass(frozen=True, slots=True)
class Reply:
    """How a task ended: its final state, and its result as JSON or what it raised.

    `error` is `ValueError: no such key`, `traceback` only has the provider's own frames; both are
    empty for a success. `declared` are the names by which the task declares that error, the nearest
    first, and `result` is then its content.
    """

    status: str
    result: Json = None
    error: str = ""
    traceback: str = ""
    declared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """Why an interaction failed other than by its result: the fact, what to do, a trace (may be empty)."""

    what: str
    do: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replayed interaction: what was sent, what came back, and all that is wrong with it.

    `log` is the worker's log for this task, only read for a failure. `seconds` is the time from the
    moment it was asked for.
    """

    consumer: str
    provider: str
    interaction: Interaction
    sent: Sent | None = None
    reply: Reply | None = None
    faults: tuple[Fault, ...] = ()
    mismatches: tuple[Mismatch, ...] = ()
    log: tuple[LogLine, ...] = ()
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Whether the provider keeps what the consumer relies on."""
        return not self.faults and not self.mismatches


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcomes of one contract, in the order of its interactions."""

    consumer: str
    provider: str
    outcomes: tuple[Outcome, ...]

    @property
    def ok(self) -> bool:
        """Whether every interaction held."""
        return all(outcome.ok for outcome in self.outcomes)
