"""Telling those who wait for a refused message: its caller, chain, chord, group and errbacks.

A chord is told through its body's result, and goes on counting: a part that was refused is no part that
failed. When its message is replayed and succeeds, the body runs after all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery.app.task import Context

from taskcontract.errors import RefusedMessageError
from taskcontract.provider.safety_net.envelope import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["tell"]


def tell(backend: Any, message: Any, error: RefusedMessageError, events: Any) -> None:
    """End the task of a refused kombu `message` with `error`, and all that waits behind it.

    `backend` is Celery's result store. Monitors hear of it through `events`, the worker's dispatcher,
    unless that is None. The task comes last, as its errbacks should be called once though this is repeated.
    """
    request = _context(message)
    if not isinstance(request.id, str) or not request.id:
        return
    waiting = [
        *(ending for each in _listed(request.chain) for ending in _find_waiting(each, errbacks=False)),
        *_find_waiting(request.chord, errbacks=True),
    ]
    request.chain = request.chord = None
    for ending in (*waiting, request):
        backend.mark_as_failure(ending.id, error, request=ending, store_result=not ending.ignore_result)
    if events is not None and events.enabled:
        events.send("task-failed", uuid=request.id, exception=repr(error))


def _context(message: Any) -> Any:
    """What Celery's backends need to know of the task, rebuilt from its message.

    The canvas behind it stands in the body; where that cannot be read, the caller alone is told.
    """
    headers = message.headers if isinstance(message.headers, dict) else {}
    fields = dict(headers)
    try:
        body = decode(message)
    except RefusedMessageError:
        body = None
    embed: Any = {}
    if isinstance(body, dict):  # protocol 1
        fields = {**body, **fields, "group": body.get("taskset")}
        embed = body
    elif isinstance(body, (list, tuple)) and len(body) == 3:
        embed = _mapping(body[2])
    fields["errbacks"] = [each for each in _listed(embed.get("errbacks")) if isinstance(each, dict)]
    fields.update({name: embed.get(name) for name in ("callbacks", "chain", "chord")})
    return Context(
        fields,
        called_directly=False,
        delivery_info=message.delivery_info or {},
        correlation_id=message.properties.get("correlation_id"),
        reply_to=message.properties.get("reply_to"),
    )


def _find_waiting(signature: Any, *, errbacks: bool) -> Iterator[Any]:
    """What Celery's backends need to know of each task in a signature that will not start for now.

    No chord counts on it: that would be told of a failure. `errbacks` says whether its own are called;
    those of a chain's later links are not, as the failing link has the same ones.
    """
    if not isinstance(signature, dict):
        return
    options, kwargs = _mapping(signature.get("options")), _mapping(signature.get("kwargs"))
    kind = signature.get("subtask_type")
    for each in _listed(kwargs.get("tasks")) if kind in ("group", "chain") else ():
        yield from _find_waiting(each, errbacks=errbacks and kind == "group")
    if kind == "chord":
        for each in _listed(kwargs.get("header")):
            yield from _find_waiting(each, errbacks=False)
        yield from _find_waiting(kwargs.get("body"), errbacks=errbacks)
    for each in _listed(options.get("chain")):
        yield from _find_waiting(each, errbacks=False)
    yield from _find_waiting(options.get("chord"), errbacks=True)
    if isinstance(options.get("task_id"), str):
        own = [each for each in _listed(options.get("link_error")) if isinstance(each, dict)]
        yield Context(
            id=options["task_id"],
            task=signature.get("task"),
            group=options.get("group_id"),
            ignore_result=bool(options.get("ignore_result")),
            errbacks=own if errbacks else None,
            delivery_info={},
        )


def _listed(value: Any) -> Any:
    """A list, where Celery also takes one thing alone or none."""
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else [value]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
