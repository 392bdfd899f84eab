"""The message of an interaction, as its consumer sent it, on its way to the worker's own queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.declare.header import find_ours, make_header
from taskcontract.verification.generating import make_call
from taskcontract.verification.outcome import Sent
from taskcontract.verification.worker.gate import HELD

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.contract import Interaction
    from taskcontract.verification.calls.caller import Caller
    from taskcontract.verification.states.worker_capabilities import WorkerCapabilities
    from taskcontract.verification.ticket import Ticket

__all__ = ["send_interaction"]


def send_interaction(
    ticket: Ticket, caller: Caller, run: str, capabilities: WorkerCapabilities, *, held: bool = False
) -> Sent:
    """Send the message of `ticket` to the queues of `run`; a VerificationError says why that fails.

    One that is to be `held` has a header more until the worker lets it through.
    """
    interaction = ticket.interaction
    task = capabilities.find(interaction.wire_name)
    args, kwargs = make_call(interaction, ticket.values)
    task_id = caller.send(
        interaction.wire_name,
        args,
        kwargs,
        queue=capabilities.find_queue(interaction),
        run=run,
        serializer=interaction.serializer,
        headers=_headers_of(interaction, ticket.consumer) | ({HELD: True} if held else {}),
        store_result=True if task is not None and task.ignores_result else None,
    )
    return Sent(
        task_id,
        interaction.wire_name,
        interaction.version,
        args,
        kwargs,
        interaction.queue or capabilities.default_queue,
    )


def _headers_of(interaction: Interaction, consumer: str) -> dict[str, Json]:
    """Return the headers that the consumer's message had: ours, and those that carry something."""
    carried = find_ours(interaction.headers).get("carried")
    return {**interaction.headers, **make_header(interaction.version, consumer, carried)}
