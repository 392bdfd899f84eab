"""Waiting for a result in an event loop: any result store will do, and no thread waits."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from celery.backends.rpc import RPCBackend
from celery.exceptions import TimeoutError as CeleryTimeoutError
from celery.result import assert_will_not_block  # type: ignore[attr-defined]

from taskcontract.celery_compat.results import take_replies

if TYPE_CHECKING:
    from celery.result import AsyncResult

__all__ = ["wait_until_ready"]

FIRST = 0.005
"""Seconds until the store is asked again for the first time; then it is half as long again each time."""


async def wait_until_ready(
    result: AsyncResult[Any],
    timeout: float | None,
    *,
    interval: float = 0.5,
    propagate: bool = True,
    follow_parents: bool = True,
    disable_sync_subtasks: bool = True,
    **_: Any,
) -> None:
    """Return once `result` is there, or raise a parent's error; Celery's TimeoutError after `timeout`.

    The store is asked by short questions, at most `interval` seconds apart.
    """
    if disable_sync_subtasks:
        assert_will_not_block()
    loop = asyncio.get_running_loop()
    deadline = None if timeout is None else loop.time() + timeout
    pause = min(FIRST, interval)
    while not await _ask(result, with_parents=follow_parents and propagate):
        left = interval if deadline is None else deadline - loop.time()
        if left <= 0:
            raise CeleryTimeoutError("The operation timed out.")
        await asyncio.sleep(min(pause, left))
        pause = min(pause * 1.5, interval)


async def _ask(result: Any, *, with_parents: bool) -> bool:
    if isinstance(result.backend, RPCBackend):
        # Replies by RPC lie in a queue of the thread that sent the call, and in its connection.
        take_replies(result)
        return _is_ready(result, with_parents=with_parents)
    return await asyncio.to_thread(_is_ready, result, with_parents=with_parents)


def _is_ready(result: Any, *, with_parents: bool) -> bool:
    if with_parents:
        _raise_error_of_parents(result)
    return bool(result.ready())


def _raise_error_of_parents(result: Any) -> None:
    parents = []
    while result.parent is not None:
        result = result.parent
        parents.append(result)
    for parent in reversed(parents):
        parent.maybe_throw()
