"""The one message header of ours: which exact version was called, and by whom."""

from __future__ import annotations

__all__ = ["CONSUMER_VARIABLE", "HEADER", "make_header"]

HEADER = "taskcontract"
"""Never a bare header of our own: names such as `id` or `retries` overwrite Celery's."""

CONSUMER_VARIABLE = "TASKCONTRACT_CONSUMER"
"""The environment variable that names the calling service, where its Celery app has no name."""


def make_header(version: str, consumer: str) -> dict[str, dict[str, str]]:
    """The header of a call of `version` by `consumer` (may be empty)."""
    return {HEADER: {"version": version, "consumer": consumer}}
