"""Telling those who wait for a refused message: its caller, chain, chord, group and errbacks.

A chord is told through its body's result, and goes on counting: a part that was refused is no part that
failed. When its message is replayed and succeeds, the body runs after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.app.task import Context

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

    from taskcontract.errors import RefusedMessageError

__all__ = ["tell"]


def tell(app: Celery, message: Any, error: RefusedMessageError) -> None:
    """End the task of a refused kombu `message` with `error`, and all that waits behind it."""
    request = _context(message)
    if not request.id:
        return
    backend: Any = app.backend
    bodies: list[Any] = [request.chord]
    request.chord = None
    request.chain = _detach_all(request.chain, bodies)
    backend.mark_as_failure(request.id, error, request=request, store_result=not request.ignore_result)
    while bodies:
        for ending in _members(_detach(bodies.pop(), bodies)):
            backend.mark_as_failure(ending.id, error, request=ending)


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


def _detach(signature: Any, bodies: list[Any]) -> Any:
    """A copy of a signature that no chord counts on, nor what follows; the chords' bodies go to `bodies`."""
    if not isinstance(signature, dict):
        return signature
    options = dict(signature.get("options") or {})
    bodies.append(options.pop("chord", None))
    options["chain"] = _detach_all(options.get("chain"), bodies)
    kwargs = signature.get("kwargs") or {}
    if signature.get("subtask_type") == "chord":
        kwargs = {**kwargs, "body": _detach(kwargs.get("body"), bodies)}
    elif signature.get("subtask_type") == "group":
        kwargs = {**kwargs, "tasks": _detach_all(kwargs.get("tasks"), bodies)}
    return {**signature, "options": options, "kwargs": kwargs}


def _detach_all(signatures: Any, bodies: list[Any]) -> Any:
    return [_detach(each, bodies) for each in signatures] if isinstance(signatures, (list, tuple)) else None


def _members(signature: Any) -> Iterator[Any]:
    """What Celery's backends need to know of a task that will not start for now; of each one in a group."""
    if not isinstance(signature, dict):
        return
    for member in signature["kwargs"].get("tasks") or () if signature.get("subtask_type") == "group" else ():
        yield from _members(member)
    options = signature["options"]
    if options.get("task_id"):
        errbacks = options.get("link_error") or []
        yield Context(
            id=options["task_id"],
            task=signature.get("task"),
            group=options.get("group_id"),
            errbacks=errbacks if isinstance(errbacks, (list, tuple)) else [errbacks],
            chain=options["chain"],
            delivery_info={},
        )
