"""What a replay found: plain data, one Outcome per interaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Interaction
    from taskcontract.verification.comparison.matching import Mismatch
    from taskcontract.verification.sandbox.log_reader import LogLine

__all__ = [
    "UNREADABLE",
    "Fault",
    "Outcome",
    "Pending",
    "Reply",
    "Sent",
    "StateRun",
    "Times",
    "Verdict",
    "Verification",
]

Verdict = Literal["passed", "failed", "pending"]

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
class StateRun:
    """A provider state as it was brought about for one interaction: where, and how long it took, in seconds.

    `fault` is what was wrong with it, when it was set up, checked or torn down.
    """

    name: str
    params: dict[str, Json]
    where: str
    set_up: float = 0.0
    tear_down: float = 0.0
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Times:
    """When an interaction began, in seconds since the epoch, and how long its parts took, in seconds.

    `waited` is the time until its turn came, `call` that from the send to the reply, `states` that of
    their functions alone.
    """

    began: float = 0.0
    waited: float = 0.0
    states: float = 0.0
    call: float = 0.0


@dataclass(frozen=True, slots=True)
class Pending:
    """Why a failure breaks no build yet: `consumer` asked for it on the day `since`, and it never passed.

    `said` where the consumer's contract itself calls it pending.
    """

    consumer: str
    since: str
    said: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """One replayed interaction: what was sent, what came back, and all that is wrong with it.

    `log` is the worker's log for this task: of a failure, and of all where a report asks for it. `seconds`
    is the time from the moment it was asked for, `file` the contract's file, and `pending` says why a
    failure is not one of the build.
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
    file: str = ""
    states: tuple[StateRun, ...] = ()
    times: Times = Times()
    pending: Pending | None = None

    @property
    def ok(self) -> bool:
        """Whether the provider keeps what the consumer relies on."""
        return not self.faults and not self.mismatches

    @property
    def verdict(self) -> Verdict:
        """What it means for the build: a failure of what is pending breaks none."""
        if self.ok:
            return "passed"
        return "pending" if self.pending is not None else "failed"


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcomes of one contract, in the order of its interactions."""

    consumer: str
    provider: str
    outcomes: tuple[Outcome, ...]

    @property
    def ok(self) -> bool:
        """Whether every interaction held, but for those that are pending."""
        return all(outcome.verdict != "failed" for outcome in self.outcomes)
