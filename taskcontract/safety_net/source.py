"""Which queue a message was consumed from: where a refused one goes back to when it is replayed."""

from __future__ import annotations

from typing import Any

from taskcontract.celery_compat.deliveries import queue_of_tag, queues_of_route

__all__ = ["find_direct", "find_source"]


def find_source(consumer: Any, message: Any) -> str:
    """Return the name of the queue that the kombu `consumer` got `message` from.

    RabbitMQ's deliveries say it by the consumer's tag. Those of the other transports only say how the
    message was routed, and with an exchange in between a routing key is not the name of a queue.
    """
    delivery = message.delivery_info or {}
    by_tag = queue_of_tag(consumer, delivery.get("consumer_tag"))
    if by_tag:
        return by_tag
    routing_key = str(delivery.get("routing_key") or "")
    consumed = [queue.name for queue in consumer.queues]
    leads_to = queues_of_route(
        getattr(message, "channel", None), str(delivery.get("exchange") or ""), routing_key
    )
    return next((queue for queue in leads_to if queue in consumed), routing_key)


def find_direct(consumer: Any, preferred: str) -> str | None:
    """Return a queue of the kombu `consumer` that can be sent to: `preferred`, unless that is a broadcast's.

    None where it consumes broadcasts alone.
    """
    direct = [queue.name for queue in consumer.queues if queue.exchange.type != "fanout"]
    return preferred if preferred in direct else next(iter(direct), None)
