"""A message that is delivered twice: by a worker that died, or long after a newer one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kombu import Queue

from bindings import pusher, send_to_s3, send_to_s3_v2
from demo.worker import run_worker
from tests.support.flaky_s3 import proxy
from tests.support.worker_options import QUICK

if TYPE_CHECKING:
    from pathlib import Path

    from mypy_boto3_s3 import S3Client

pytestmark = pytest.mark.live


def test_a_worker_that_dies_after_its_write_leaves_one_version(
    broker: str, environment: dict[str, str], bucket: str, log: Path, s3_url: str, s3: S3Client
) -> None:
    with proxy(s3_url) as flaky:
        flaky.holding.set()
        through_proxy = {**environment, "AWS_ENDPOINT_URL_S3": flaky.url}
        with run_worker(broker, through_proxy, log, options=QUICK) as worker:
            result = send_to_s3_v2.delay("items/1.json", "one", {"tenant": "acme"})
            assert flaky.held.wait(20)
            worker.kill()
    with run_worker(broker, environment, log, options=QUICK):
        assert result.get(timeout=20).size == 3

    assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 1


def test_an_old_message_does_not_undo_a_newer_write(
    broker: str, environment: dict[str, str], bucket: str, log: Path, s3: S3Client
) -> None:
    old = send_to_s3.delay("items/1.json", "old")
    message = take_message()
    publish(message)
    with run_worker(broker, environment, log, options=QUICK):
        old.get(timeout=20)
        send_to_s3.delay("items/1.json", "new").get(timeout=20)
    publish(message)
    deliver_without_acknowledging()
    with run_worker(broker, environment, log, options=QUICK):
        # Behind it in the queue, for a worker that does one after the other.
        send_to_s3.delay("items/2.json", "two").get(timeout=20)

    assert s3.get_object(Bucket=bucket, Key="items/1.json")["Body"].read() == b"new"
    assert log.read_text().count(f"{old.id}] received") == 2


def test_the_same_content_again_is_no_new_version(
    broker: str, environment: dict[str, str], bucket: str, log: Path, s3: S3Client
) -> None:
    calls = [("one", {"Tenant": "acme"}), ("one", {"Tenant": "acme"}), ("one", {}), ("two", {})]
    with run_worker(broker, environment, log, options=QUICK):
        stored = [send_to_s3_v2.delay("items/1.json", *call).get(timeout=20) for call in calls]

    assert [each.size for each in stored] == [3, 3, 3, 3]
    assert stored[0] == stored[1]
    assert len(s3.list_object_versions(Bucket=bucket)["Versions"]) == 3


def take_message() -> Any:
    """The message that waits in pusher's queue, taken out of it."""
    assert pusher.app is not None
    with pusher.app.connection_for_write() as connection:
        message = Queue("pusher")(connection.default_channel).get(no_ack=True)
    assert message is not None
    return message


def publish(message: Any) -> None:
    """Put a message into pusher's queue, as it was."""
    assert pusher.app is not None
    with pusher.app.producer_pool.acquire() as producer:
        producer.publish(
            message.body,
            routing_key="pusher",
            headers=message.headers,
            content_type=message.content_type,
            content_encoding=message.content_encoding,
            correlation_id=message.properties["correlation_id"],
            reply_to=message.properties["reply_to"],
        )


def deliver_without_acknowledging() -> None:
    """Take the message as a worker does that dies: its next delivery is a redelivery."""
    assert pusher.app is not None
    with pusher.app.connection_for_read() as connection:
        assert Queue("pusher")(connection.default_channel).get(no_ack=False) is not None
