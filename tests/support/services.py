"""Services that some tests need: absent ones skip on a laptop and fail in CI."""

from __future__ import annotations

import os
import socket
from urllib.parse import urlsplit

import pytest

__all__ = ["AMQP_URL", "REDIS_URL", "require"]

REDIS_URL = os.environ.get("TASKCONTRACT_TEST_REDIS", "redis://127.0.0.1:6379/7")
AMQP_URL = os.environ.get("TASKCONTRACT_TEST_AMQP", "amqp://guest:guest@127.0.0.1:5672//")


def require(url: str) -> str:
    """`url`, if something listens there; else the test is skipped, or fails where CI=true."""
    address = urlsplit(url)
    try:
        socket.create_connection((address.hostname or "127.0.0.1", address.port or 0), timeout=2).close()
    except OSError as error:
        reason = f"nothing answers at {address.hostname}:{address.port} ({error})"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return url
