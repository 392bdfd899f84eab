"""Service B's Celery app: with no server, unless Celery's own variables name some.

They are `CELERY_BROKER_URL` and `CELERY_RESULT_BACKEND`.
"""

from __future__ import annotations

from celery import Celery

from bindings import pusher

__all__ = ["app"]

app = Celery("service-b", broker="embedded://", backend="embedded://")
pusher.use(app, consumer="service-b")
