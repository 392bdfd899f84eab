"""What SQS says of its queues and of a message, without a server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError

from taskcontract.brokers.sqs import find_queue, make_queue, refuses_for_good
from taskcontract.errors import BrokerError
from taskcontract.safety_net.quarantine.publishing import is_too_large, refuses_message


def answer(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "SendMessage")


class Client:
    """Refuses each request with `code`; keeps what it was asked for."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.asked: list[dict[str, Any]] = []

    def get_queue_url(self, **fields: Any) -> Any:
        self.asked.append(fields)
        raise answer(self.code)

    create_queue = get_queue_url


def channel(client: Client | None = None, **options: Any) -> Any:
    return SimpleNamespace(
        sqs=lambda: client,
        canonical_queue_name=lambda name: name.replace(".", "-"),
        predefined_queues=options.get("predefined_queues", {}),
        transport_options=options,
        visibility_timeout=30,
    )


@pytest.mark.parametrize(
    ("code", "for_good"),
    [
        ("InvalidParameterValue", True),
        ("AWS.SimpleQueueService.InvalidMessageContents", True),
        ("AccessDenied", False),
        ("RequestThrottled", False),
        ("AWS.SimpleQueueService.NonExistentQueue", False),
    ],
)
def test_only_what_is_wrong_with_the_message_is_refused_for_good(code: str, for_good: bool) -> None:
    """A message that is kept in part, as its sender was throttled, would be lost."""
    wrapped = BrokerError("it refuses")
    wrapped.__cause__ = answer(code)
    assert refuses_for_good(answer(code)) is for_good
    assert is_too_large(wrapped) is for_good
    assert refuses_message(wrapped) is for_good


@pytest.mark.parametrize("code", ["AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist"])
def test_a_queue_that_is_not_there_is_none(code: str) -> None:
    assert find_queue(channel(Client(code)), "a.b") is None


def test_what_else_is_wrong_is_not_taken_for_no_queue() -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        find_queue(channel(Client("AccessDenied")), "a.b")


def test_a_predefined_queue_is_where_the_app_says() -> None:
    known = channel(predefined_queues={"q": {"url": "https://h/1/q"}})
    assert find_queue(known, "q") == "https://h/1/q"
    assert find_queue(known, "other") is None
    with pytest.raises(BrokerError, match="none of the predefined_queues"):
        make_queue(known, "other")


def test_a_queue_is_made_as_the_app_says_and_once() -> None:
    client = Client("QueueAlreadyExists")
    options = {"sqs-creation-attributes": {"KmsMasterKeyId": "k"}, "queue_tags": {"team": "a"}}
    make_queue(channel(client, **options), "a.b")
    assert client.asked == [
        {
            "QueueName": "a-b",
            "Attributes": {
                "VisibilityTimeout": "30",
                "MessageRetentionPeriod": "1209600",
                "KmsMasterKeyId": "k",
            },
            "tags": {"team": "a"},
        }
    ]
