"""Which queues a message may be sent back to: only those that a worker consumes, or it would be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.brokers.connections import reaching
from taskcontract.brokers.sqs import SQS, find_queue
from taskcontract.brokers.workers import Workers
from taskcontract.errors import BrokerError
from taskcontract.safety_net.quarantine.publishing import explain_missing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from celery import Celery

__all__ = ["demand_consumers"]


def demand_consumers(app: Celery, queues: Iterable[str], *, timeout: float = 1.0) -> None:
    """Raise a BrokerError for the first of `queues` that has no consumer.

    RabbitMQ counts consumers itself. Redis and the embedded broker know of none: there the running workers
    are asked, and have `timeout` seconds to answer. SQS knows of none either, and no worker can be asked
    there: a queue that exists keeps what is sent to it.
    """
    wanted = sorted(set(queues))
    if not wanted:
        return
    with reaching(app, "the queues", timeout=timeout) as connection:
        driver = connection.transport.driver_type
        if driver == SQS:
            missing = (queue for queue in wanted if not find_queue(connection.default_channel, queue))
            if (queue := next(missing, None)) is not None:
                raise explain_missing(queue)
            return
        if driver == "amqp":
            missed = [queue for queue in wanted if not _count_consumers(connection, queue)]
        else:
            answers = Workers(app, connection, timeout).ask_queues()
            consumed = {queue for _, here in answers for queue in here}
            missed = [queue for queue in wanted if queue not in consumed]
    if missed:
        raise BrokerError(
            f"no running worker is known to consume the queue {missed[0]!r}: nothing was sent there",
            do="Start one, or name another queue with --to. Where its workers are too busy to answer, or "
            "start later, --force sends it all the same.",
        )


def _count_consumers(connection: Any, queue: str) -> int:
    with connection.channel() as channel:
        try:
            return int(channel.queue_declare(queue, passive=True).consumer_count)
        except connection.channel_errors as error:
            raise explain_missing(queue) from error
