"""What all apps of the storm are configured with: workers and callers, bare and with taskcontract alike."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery

from taskcontract import embedded

__all__ = ["QUEUE", "configure", "make_app"]

QUEUE = "storm"


def make_app(name: str) -> Celery:
    """An app on the broker and the result store that the environment names."""
    embedded.register()
    app = Celery(name, broker=os.environ["STORM_BROKER"], backend=os.environ["STORM_BACKEND"])
    configure(app)
    return app


def configure(app: Celery) -> None:
    """Celery's own means against losses, which a careful project has: late acknowledgement above all."""
    transport: dict[str, Any] = {}
    url = str(app.conf.broker_url)
    if url.startswith("redis"):
        # Longer than any countdown, and short enough to see a killed worker's messages again.
        transport = {
            "visibility_timeout": 15,
            "unacked_mutex_expire": 10,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 1,
            "unacked_restore_limit": 500,
        }
    elif url.startswith("amqp"):
        transport = {"confirm_publish": True}
    app.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=2,
        broker_transport_options=transport,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        # A broker's restart takes longer than the 0.6 s that Celery insists by default.
        task_publish_retry_policy={
            "max_retries": 30,
            "interval_start": 0.1,
            "interval_step": 0.2,
            "interval_max": 1,
        },
        result_backend_always_retry=True,
        result_backend_max_retries=60,
        result_expires=3600,
    )
