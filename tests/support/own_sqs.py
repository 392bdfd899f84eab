"""An SQS look-alike of the test session's own: moto, over HTTP, in a process that ends with this one."""

from __future__ import annotations

import atexit
from contextlib import ExitStack
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from kombu import Connection

from demo.s3 import serve_s3

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["delete_queues", "list_queues", "open_quick_sqs", "open_sqs"]


@cache
def open_sqs() -> str:
    """Return its URL as a broker's; started when it is first asked for."""
    stack = ExitStack()
    atexit.register(stack.close)
    return f"sqs://key:secret@{urlsplit(stack.enter_context(serve_s3())).netloc}"


def open_quick_sqs() -> str:
    """The same for a test that waits for many messages; skipped where each of them takes a second."""
    if find_spec("kombu.asynchronous.http.curl") is None:
        pytest.skip("kombu 5.5 asks SQS once a second")
    return open_sqs()


def list_queues(url: str) -> list[str]:
    """Return the names of all its queues."""
    with Connection(url) as connection:
        channel: Any = connection.default_channel
        return [found.rpartition("/")[2] for found in channel.sqs().list_queues().get("QueueUrls", ())]


def delete_queues(url: str, names: Iterable[str]) -> None:
    """Delete the queues of these names, as SQS has them."""
    with Connection(url) as connection:
        channel: Any = connection.default_channel
        client = channel.sqs()
        for name in names:
            client.delete_queue(QueueUrl=client.get_queue_url(QueueName=name)["QueueUrl"])
