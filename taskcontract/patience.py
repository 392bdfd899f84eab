"""How long a broker has to answer, in the words of each transport: without them some wait for minutes."""

from __future__ import annotations

from typing import Any

__all__ = ["LONG_POLL", "patience_with"]

LONG_POLL = 1
"""Seconds that SQS holds a request for messages where there are none. Each such request asks all of its
servers, while one that does not wait asks some of them and may miss what is there."""


def patience_with(driver: str, *, connecting: float, answering: float) -> dict[str, Any]:
    """Return the transport options with which kombu's `driver_type` gives up after so many seconds.

    A transport that needs none, or has none, gets none.
    """
    match driver:
        case "redis":
            return {"socket_timeout": answering, "socket_connect_timeout": connecting}
        case "sqs":
            once_more = {"total_max_attempts": 2}
            timeouts = {"connect_timeout": connecting, "read_timeout": answering + LONG_POLL}
            return {"wait_time_seconds": LONG_POLL, "client-config": {**timeouts, "retries": once_more}}
    return {}
