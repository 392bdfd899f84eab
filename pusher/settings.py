"""Where pusher's broker, results and objects are: from the environment, with defaults that need no servers.

boto3's own variables say the rest: `AWS_ENDPOINT_URL_S3`, `AWS_DEFAULT_REGION`, credentials.
"""

from __future__ import annotations

import os

__all__ = ["BROKER_URL", "RESULT_BACKEND", "bucket_name"]

BROKER_URL = "embedded://"
"""Unless `CELERY_BROKER_URL` names another, which Celery itself obeys."""

RESULT_BACKEND = "embedded://"
"""Unless `CELERY_RESULT_BACKEND` names another, likewise."""


def bucket_name() -> str:
    """The bucket that objects are stored in: `PUSHER_BUCKET`, or `pusher`."""
    return os.environ.get("PUSHER_BUCKET") or "pusher"
