"""Gossip between workers: an event that cannot be read does not stop a worker.

Celery's gossip hears every event that is sent to workers, from any sender, and has no handler for one that
is broken: a single message would end all workers of a broker.

Undocumented: `Gossip.on_message` and `Gossip.get_consumers`. Without them gossip stays as Celery has it, and
the worker's log says so.
"""

from __future__ import annotations

import logging
from typing import Any

from taskcontract.celery_compat.any_message import MALFORMED
from taskcontract.celery_compat.lacking import say_lacking

__all__ = ["pass_over_broken_events"]

logger = logging.getLogger("taskcontract.safety_net")


def pass_over_broken_events(consumer: Any) -> None:
    """Let the gossip of a worker's `consumer`, if it has one, pass over what it cannot read."""
    gossip = getattr(consumer, "gossip", None)
    if gossip is None:
        return
    lacking = say_lacking(gossip, "on_message", "get_consumers")
    if lacking:
        logger.warning("an event that cannot be read may end this worker: %s", lacking)
        return
    hear, make_consumers = gossip.on_message, gossip.get_consumers

    def on_message(prepare: Any, message: Any) -> None:
        try:
            hear(prepare, message)
        except MALFORMED as error:  # before the next: to kombu's Redis a KeyError is a lost connection
            pass_over(message, error)
        except consumer.connection_errors:
            raise
        except Exception as error:  # whatever a sender's event makes it raise
            pass_over(message, error)

    def get_consumers(channel: Any) -> Any:
        made = make_consumers(channel)
        for each in made:
            each.on_decode_error = pass_over
        return made

    def pass_over(_message: Any, error: Exception) -> None:
        logger.warning("an event that cannot be read is passed over: %r", error)

    gossip.on_message, gossip.get_consumers = on_message, get_consumers
