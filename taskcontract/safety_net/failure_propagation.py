"""Telling those who wait for a refused message: its caller, chain, chord, group and errbacks.

A chord is told through its body's result, and goes on counting: a part that was refused is not a part that
failed. When its message is replayed and succeeds, the body runs after all.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from celery import states
from celery.app.task import Context
from celery.backends.base import DisabledBackend
from celery.backends.rpc import RPCBackend

from taskcontract.errors import RefusedMessageError
from taskcontract.safety_net.envelope import decode
from taskcontract.safety_net.errbacks import send_errback

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

__all__ = ["id_of", "propagate_failure"]

logger = logging.getLogger("taskcontract.safety_net")


def propagate_failure(
    app: Celery, backend: Any, message: Any, error: RefusedMessageError, queue: str | None
) -> None:
    """End the task of a refused kombu `message` with `error`, and all that waits behind it.

    `backend` is Celery's result store. Raises what the store or the broker raises: this may be repeated. What
    is wrong with one id or errback is logged, and does not stop the others. Errbacks come last, as all
    else may be done twice; those that need a task of ours are sent to `queue`. Nothing is done if the
    task has succeeded meanwhile, as its message was replayed.
    """
    request = _context(message)
    if not isinstance(request.id, str) or not request.id:
        return
    waiting = [
        *(ending for each in _listed(request.chain) for ending in _find_waiting(each, errbacks=False)),
        *_find_waiting(request.chord, errbacks=True),
    ]
    request.chain = request.chord = None
    if _has_succeeded(backend, request.id):
        return
    endings = (*waiting, request)
    for ending in endings:
        if not _has_succeeded(backend, ending.id):
            _mark(backend, ending, error)
    for ending in endings:
        for errback in ending.errbacks or ():
            send_errback(app, backend, queue, ending, errback, error)


def id_of(message: Any) -> str:
    """Return the id of the task whose kombu `message` this is; empty where it has none."""
    found = _context(message).id
    return found if isinstance(found, str) else ""


def _has_succeeded(backend: Any, task_id: str) -> bool:
    """Return whether the result store has a success of the task.

    One that sends results to their callers cannot say; nor can any, of an id that it cannot have.
    """
    if isinstance(backend, (RPCBackend, DisabledBackend)):
        return False
    with suppress(UnicodeError):
        return bool(backend.get_state(task_id) == states.SUCCESS)
    return False


def _mark(backend: Any, ending: Any, error: RefusedMessageError) -> None:
    keeps = not ending.ignore_result
    try:
        backend.mark_as_failure(ending.id, error, request=ending, store_result=keeps, call_errbacks=False)
    except UnicodeError as fault:  # an id that no store can have
        logger.error("%r cannot be told that it is refused: %s", ending.id, fault)


def _context(message: Any) -> Any:
    """Return what Celery's backends need to know of the task, rebuilt from its message.

    The canvas behind it is in the body; if that cannot be read, only the caller is notified.
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
    """Yield what Celery's backends need to know of each task in a signature that will not start for now.

    It does not count for a chord, which would see a failure. `errbacks` says whether its own are called;
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
    """Return a list, where Celery also takes one thing alone or none."""
    if value is None:
        return ()
    return value if isinstance(value, (list, tuple)) else [value]


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
