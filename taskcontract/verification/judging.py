"""Whether a reply is what the consumer relies on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.contract import ANYTHING
from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.outcome import UNREADABLE, Fault, Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.contract import Interaction
    from taskcontract.verification.comparison.matching import Mismatch
    from taskcontract.verification.outcome import Reply
    from taskcontract.verification.sandbox.log_reader import LogLine
    from taskcontract.verification.ticket import Ticket

__all__ = ["compare_result", "find_faults", "judge_reply", "make_outcome"]


def judge_reply(ticket: Ticket, *, keeps_no_result: bool) -> tuple[list[Fault], list[Mismatch]]:
    """Return what is wrong with a ticket that has arrived: with its way, its reply, or what that holds.

    `keeps_no_result` says that the task ignores its results, so that its callers get none.
    """
    faults = ticket.faults
    if ticket.reply is None:
        return faults, []
    wrong = find_faults(ticket.interaction, ticket.reply, keeps_no_result=keeps_no_result)
    return faults + wrong, [] if wrong else compare_result(ticket.interaction, ticket.reply)


def make_outcome(
    ticket: Ticket,
    faults: Sequence[Fault],
    mismatches: Sequence[Mismatch] = (),
    *,
    log: tuple[LogLine, ...] = (),
    seconds: float = 0.0,
) -> Outcome:
    """Return what became of a ticket that has arrived, as it is reported."""
    return Outcome(
        consumer=ticket.consumer,
        provider=ticket.provider,
        interaction=ticket.interaction,
        sent=ticket.sent,
        reply=ticket.reply,
        faults=tuple(faults),
        mismatches=tuple(mismatches),
        log=log,
        seconds=seconds,
        file=ticket.file,
        states=tuple(ticket.runs.values()),
        times=ticket.times,
    )


def find_faults(interaction: Interaction, reply: Reply, *, keeps_no_result: bool) -> list[Fault]:
    """Return why `reply` cannot be what `interaction` expects, whatever its result holds.

    `keeps_no_result` says that the task ignores its results, so that its callers get none.
    """
    if reply.status == UNREADABLE:
        return [Fault(reply.error, "Let the worker store results as JSON: result_serializer.")]
    if interaction.error is not None:
        return _find_other_error(interaction.error, reply)
    if reply.status != "SUCCESS":
        return [
            Fault(
                f"the task raised {reply.error}" if reply.error else f"the task ended as {reply.status}",
                trace=reply.traceback,
            )
        ]
    if keeps_no_result and interaction.rules != (ANYTHING,):
        return [
            Fault(
                f"{interaction.wire_name} keeps no result, and the consumer relies on one",
                "Drop ignore_result from the task, or let the consumer's test expect nothing.",
            )
        ]
    return []


def compare_result(interaction: Interaction, reply: Reply) -> list[Mismatch]:
    """Return where the result, or the content of the declared error, is not as expected."""
    return find_mismatches(interaction.result, interaction.rules, reply.result, strict=interaction.strict)


def _find_other_error(expected: str, reply: Reply) -> list[Fault]:
    """Return a fault unless `reply` is a failure with the declared error that the consumer expects."""
    if reply.status == "SUCCESS":
        return [
            Fault(
                f"the task succeeded, and the consumer relies on {expected}",
                "Let it raise the error again, or ask the consumer to record its contract again.",
            )
        ]
    if expected in reply.declared:
        return []
    raised = f"raised {reply.error}" if reply.error else f"ended as {reply.status}"
    undeclared = "" if reply.declared or not reply.error else ", which it does not declare"
    return [
        Fault(
            f"the task {raised}{undeclared}; the consumer relies on {expected}",
            f"Raise {expected}, and name it in the errors of the task.",
            trace=reply.traceback,
        )
    ]
