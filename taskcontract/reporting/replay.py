"""A replayed interaction as text: what was sent, what came back, and what the worker said."""

from __future__ import annotations

import json
from datetime import datetime
from textwrap import indent
from typing import TYPE_CHECKING

from taskcontract.reporting.escape import flatten, tame, tame_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.verification.outcome import Outcome
    from taskcontract.verification.sandbox.log_reader import LogLine

__all__ = ["explain_outcome", "summarise_outcome"]

LONGEST = 400
"""Characters of a value that are shown."""


def summarise_outcome(outcome: Outcome) -> str:
    """Return what is wrong, in one line; empty for a success."""
    wrong = [fault.what for fault in outcome.faults] + [str(mismatch) for mismatch in outcome.mismatches]
    first = wrong[0].splitlines()[0] if wrong else ""
    return tame_line(f"{first} (and {len(wrong) - 1} more)" if len(wrong) > 1 else first)


def explain_outcome(outcome: Outcome) -> str:
    """Return what is wrong, the message, the reply, and the worker's log for this task."""
    return tame("\n".join(_lines(outcome)))


def _lines(outcome: Outcome) -> Iterator[str]:
    for fault in outcome.faults:
        yield fault.what
        if fault.do:
            yield indent(fault.do, "  ")
        if fault.trace:
            yield ""
            yield indent(fault.trace, "  ")
    for mismatch in outcome.mismatches:
        yield flatten(str(mismatch))
    yield ""
    yield from map(flatten, _message(outcome))
    if outcome.log:
        yield "log"
        yield from map(_log_line, outcome.log)


def _message(outcome: Outcome) -> Iterator[str]:
    interaction = outcome.interaction
    states = ", ".join(_call(state.name, state.params) for state in interaction.states)
    if states:
        yield f"given   {states}"
    verb = "sent" if outcome.sent else "call"
    queue = outcome.sent.queue if outcome.sent else interaction.queue
    to = f" to the queue {queue}" if queue else ""
    yield f"{verb}    {interaction.wire_name} {interaction.version} by {outcome.consumer}{to}"
    yield f"args    {_json(list(interaction.args))}"
    if interaction.kwargs:
        yield f"kwargs  {_json(interaction.kwargs)}"
    if interaction.error is not None:
        yield f"expects {interaction.error} {_json(interaction.result)}"
    reply = outcome.reply
    if reply is not None:
        content = f" {_json(reply.result)}" if reply.declared else ""
        yield f"reply   {reply.status} {reply.error + content if reply.error else _json(reply.result)}"
    elif outcome.sent:
        yield "reply   none"


def _call(name: str, params: dict[str, Json]) -> str:
    return f"{name} {_json(params)}" if params else name


def _log_line(line: LogLine) -> str:
    moment = datetime.fromtimestamp(line.at).astimezone().strftime("%H:%M:%S.%f")[:-3]
    first, *rest = line.text.splitlines() or [""]
    return "\n".join([f"  {moment} {line.level:<7} {first}", *(f"    {text}" for text in rest)])


def _json(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}... ({len(text)} characters)"
