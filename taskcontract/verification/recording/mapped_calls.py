"""`map`, `starmap` and `chunks`: one message to a task of Celery's own that calls a task many times."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from taskcontract.verification.recording.outgoing import StubReply

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.verification.recording.outgoing import Message

__all__ = ["ask_for_each"]

ONE, MANY = "celery.map", "celery.starmap"
"""Celery's tasks, by whether each item is one argument or all of them."""


def ask_for_each(ask: Callable[[Message], StubReply | None], message: Message) -> StubReply | None:
    """Return the reply to `message`: to one of many calls the list of theirs, up to the first error."""
    if message.name not in (ONE, MANY):
        return ask(message)
    mapped: Any = message.body[1]
    name = mapped.get("task", {}).get("task")
    results: list[Any] = []
    reply = StubReply()
    for item in mapped.get("it", ()):
        args = [item] if message.name == ONE else list(item)
        answer = ask(replace(message, name=name, body=(args, {}, {})))
        if answer is None:  # of a task that no binding declares, and so are all others of this message
            return None
        if answer.error is not None or answer.pending:
            return answer
        results.append(answer.value)
        reply = replace(reply, known=reply.known and answer.known, unread=reply.unread or answer.unread)
    return replace(reply, value=results)
