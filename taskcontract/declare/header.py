"""The one message header of ours: which exact version was called, by whom, and what it carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.model.service import HEADER

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["CONSUMER_VARIABLE", "HEADER", "CallHeader", "find_ours", "make_header", "read_header"]

CONSUMER_VARIABLE = "TASKCONTRACT_CONSUMER"
"""The environment variable that names the calling service, where its Celery app has no name."""

LONGEST = 200
"""The most characters of a name or version in a header; a longer one is not believed."""


class CallHeader(NamedTuple):
    """What a message says of its caller; empty where it says nothing, or nothing believable."""

    version: str
    consumer: str


def make_header(version: str, consumer: str, carried: dict[str, Json] | None = None) -> dict[str, Any]:
    """Return the header of a call of `version` by `consumer` (may be empty), with what it has `carried`."""
    ours: dict[str, Any] = {"version": version, "consumer": consumer}
    if carried:
        ours["carried"] = carried
    return {HEADER: ours}


def find_ours(headers: Any) -> dict[str, Any]:
    """Return the content of our header among a message's `headers`, whatever those are; empty if absent."""
    ours = headers.get(HEADER) if isinstance(headers, dict) else None
    return ours if isinstance(ours, dict) else {}


def read_header(headers: Any) -> CallHeader:
    """Our header among a message's `headers`, which come from outside and may be anything."""
    ours = find_ours(headers)
    return CallHeader(_believable(ours.get("version")), _believable(ours.get("consumer")))


def _believable(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() else ""
