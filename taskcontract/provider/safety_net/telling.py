"""Telling those who wait for a refused message: its caller, chain, chord, group and errbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.app.task import Context

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.errors import RefusedMessageError

__all__ = ["tell"]


def tell(app: Celery, message: Any, error: RefusedMessageError) -> None:
    """End the task of a refused kombu `message` with `error`, and all that waits behind it."""
    request = _context(message)
    if not request.id:
        return
    backend: Any = app.backend
    backend.mark_as_failure(request.id, error, request=request, store_result=not request.ignore_result)


def _context(message: Any) -> Any:
    """What Celery's backends need to know of the task, rebuilt from its message.

    The canvas behind it stands in the body; where that cannot be read, the caller alone is told.
    """
    headers = message.headers if isinstance(message.headers, dict) else {}
    fields = dict(headers)
    body = _decoded(message)
    if isinstance(body, dict):  # protocol 1
        fields = {**body, **fields, "group": body.get("taskset")}
        embed: dict[str, Any] = body
    else:
        embed = (
            body[2]
            if isinstance(body, (list, tuple)) and len(body) == 3 and isinstance(body[2], dict)
            else {}
        )
    fields.update({name: embed.get(name) for name in ("callbacks", "errbacks", "chain", "chord")})
    return Context(
        fields,
        called_directly=False,
        delivery_info=message.delivery_info or {},
        correlation_id=message.properties.get("correlation_id"),
        reply_to=message.properties.get("reply_to"),
    )


def _decoded(message: Any) -> Any:
    try:
        return message.payload
    except Exception:  # any codec may raise anything, and the message is refused already
        return None
