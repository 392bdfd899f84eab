"""Stores objects in S3 for other services: `celery -A pusher worker -Q pusher`."""

from __future__ import annotations

from pusher.tasks import app

__all__ = ["app"]
