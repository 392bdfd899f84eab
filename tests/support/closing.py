"""Closing a caller's app whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["close_app"]


def close_app(app: Celery) -> None:
    """Close `app` with its result store, whose sockets Celery leaves open: a later test would be blamed."""
    store: Any = app.backend
    consumer: Any = getattr(store, "result_consumer", None)
    if getattr(consumer, "_pubsub", None) is not None or getattr(consumer, "_consumer", None) is not None:
        consumer.stop()
        # A result that is collected later gives up its subscription, and would connect anew for that.
        consumer._pubsub = None
    client = vars(store).get("client")
    if client is not None:
        client.connection_pool.disconnect()
    app.close()
