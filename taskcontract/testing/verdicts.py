"""What the answer to a call says: as declared, or wrong, and how."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from taskcontract.diff.schemas.acceptance import Acceptance
from taskcontract.errors import RefusedArgumentsError, SunsetError
from taskcontract.verification.outcome import Fault

if TYPE_CHECKING:
    from taskcontract.model.service import TaskSpec
    from taskcontract.testing.spec_calls import SpecCall
    from taskcontract.verification.outcome import Reply
    from taskcontract.verification.ticket import Ticket

__all__ = ["Verdict", "Verdicts"]

REFUSED = f"{RefusedArgumentsError.__name__}:"


class Verdict(NamedTuple):
    """`kind` is `well`, `unknown`, or the way in which the answer is wrong; then `fault` says what is."""

    kind: str
    fault: Fault | None = None

    @property
    def can_shrink(self) -> bool:
        """Whether smaller calls may be tried: each that kills or stops the worker costs a worker."""
        return self.kind != GONE


WELL, UNKNOWN, GONE = "well", "unknown", "gone"


class Verdicts:
    """Judges answers to calls of one task; where it `has_checks`, code may refuse what the spec allows."""

    def __init__(self, task: TaskSpec, *, has_checks: bool) -> None:
        self._task = task
        self._has_checks = has_checks
        self._result = Acceptance(task.result)

    def of_call(self, call: SpecCall, ticket: Ticket) -> Verdict:
        """Return what is said of the answer to a call that the spec allows."""
        reply = ticket.reply
        if reply is None or ticket.faults:
            return _gone(ticket)
        if reply.status == "SUCCESS":
            if self._result.judge(reply.result) is False:
                do = f"Return what {self._task.id} declares, or publish a version that declares this."
                return Verdict("result", Fault("its result is not of the declared type", do))
            return Verdict(WELL)
        if reply.declared:
            return Verdict(WELL)
        error = _bare(reply)
        if error.startswith(REFUSED):
            if self._has_checks:
                return Verdict(UNKNOWN)
            what = f"the worker refuses a call that its spec allows: {error.removeprefix(REFUSED).strip()}"
            return Verdict("refused", Fault(what, "This is a fault of taskcontract: please report it."))
        if error.startswith(SunsetError.__name__):
            return Verdict(UNKNOWN)
        what = f"the task raised {reply.error}" if reply.error else f"the task ended as {reply.status}"
        do = f"Serve such a call, narrow the types of {self._task.id}, or declare the error: errors=(...)."
        name = error.partition(":")[0]
        return Verdict(f"raised {name}", Fault(f"{what}, which it does not declare", do, reply.traceback))

    def of_outside(self, call: SpecCall, ticket: Ticket) -> Verdict:
        """Return what is said of the answer to a call that is outside the contract."""
        reply = ticket.reply
        if reply is None or ticket.faults:
            return _gone(ticket)
        error = _bare(reply)
        if error.startswith(REFUSED) and error.removeprefix(REFUSED).strip():
            return Verdict(WELL)
        if error.startswith(SunsetError.__name__):
            return Verdict(UNKNOWN)
        came = f"raised {reply.error}" if reply.error else "served it"
        what = f"a call outside the contract is not refused ({call.wrong}): the task {came}"
        do = "Let the app's own worker serve it: a provider's safety net refuses such calls."
        return Verdict("taken", Fault(what, do, reply.traceback))


def _gone(ticket: Ticket) -> Verdict:
    faults = ticket.faults
    return Verdict(GONE, faults[0] if faults else Fault("there is no answer"))


def _bare(reply: Reply) -> str:
    """Return the error without the module of its class."""
    name, colon, rest = reply.error.partition(":")
    return f"{name.rpartition('.')[2]}{colon}{rest}"
