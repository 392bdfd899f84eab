"""The one message header of ours: which exact version was called, and by whom."""

from __future__ import annotations

from typing import Any, NamedTuple

__all__ = ["CONSUMER_VARIABLE", "HEADER", "CallHeader", "make_header", "read_header"]

HEADER = "taskcontract"
"""Never a bare header of our own: names such as `id` or `retries` overwrite Celery's."""

CONSUMER_VARIABLE = "TASKCONTRACT_CONSUMER"
"""The environment variable that names the calling service, where its Celery app has no name."""

LONGEST = 200
"""Characters of a name or version that are believed; whoever sends more is lying or broken."""


class CallHeader(NamedTuple):
    """What a message says of its caller; empty where it says nothing, or nothing believable."""

    version: str
    consumer: str


def make_header(version: str, consumer: str) -> dict[str, dict[str, str]]:
    """The header of a call of `version` by `consumer` (may be empty)."""
    return {HEADER: {"version": version, "consumer": consumer}}


def read_header(headers: Any) -> CallHeader:
    """Our header among a message's `headers`, which come from outside and may be anything."""
    ours = headers.get(HEADER) if isinstance(headers, dict) else None
    if not isinstance(ours, dict):
        return CallHeader("", "")
    return CallHeader(_believable(ours.get("version")), _believable(ours.get("consumer")))


def _believable(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() else ""
