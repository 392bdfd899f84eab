"""Queues of one run: each queue of the app under a name that no other run uses."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from celery.app.amqp import AMQP
from kombu import Exchange, Queue

from taskcontract.celery_compat.named_queues import ReplacedQueues
from taskcontract.verification.sandbox.sandbox import UNUSED_SECONDS

if TYPE_CHECKING:
    from taskcontract.verification.sandbox.sandbox import RunSandbox

__all__ = ["make_amqp", "make_queue", "name_queue"]


LONGEST_NAME = 80
"""Characters that a queue of SQS may have; other brokers take longer ones."""


def name_queue(name: str, run: str) -> str:
    """Return `pusher.taskcontract-1f2e3d` for `pusher`; a name of the run stays as it is.

    A long name is cut short, and what was cut off told by its hash.
    """
    suffix = f".taskcontract-{run}"
    if name.endswith(suffix):
        return name
    room = LONGEST_NAME - len(suffix)
    if len(name) > room:
        digest = blake2b(name.encode(), digest_size=4).hexdigest()
        name = f"{name[: room - len(digest) - 1]}-{digest}"
    return name + suffix


def make_queue(name: str, run: str, *, max_priority: int | None = None) -> Queue:
    """Return the run's own queue for the app's queue `name`; the server drops it when it is long unused."""
    own = name_queue(name, run)
    return Queue(
        own,
        # The nameless exchange leads to every queue and needs no declaration that would stay behind.
        Exchange(""),
        routing_key=own,
        alias=name,
        durable=True,
        auto_delete=True,
        expires=UNUSED_SECONDS,
        max_priority=max_priority,
    )


def make_amqp(sandbox: RunSandbox, run: str) -> type[AMQP]:
    """Return Celery's queue handling for an app whose every queue, declared or not, is one of the run's.

    Retries, routes and sends to queues that the app names itself thus stay within the run.
    """

    class RunQueues(ReplacedQueues):
        def replace(self, queue: Queue) -> Queue:
            own = queue if queue.name == name_queue(queue.name, run) else _as_own(queue, run)
            if own.name not in self:
                sandbox.note_queue(own.name)
            return own

        def new_missing(self, name: str) -> Queue:
            return make_queue(name, run)

    class RunAMQP(AMQP):
        queues_cls = RunQueues

    return RunAMQP


def _as_own(queue: Any, run: str) -> Queue:
    arguments = queue.queue_arguments or {}
    return make_queue(queue.name, run, max_priority=queue.max_priority or arguments.get("x-max-priority"))
