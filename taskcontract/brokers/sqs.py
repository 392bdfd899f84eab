"""The queues of SQS beside kombu's consumers: counted, read and removed through the client of its channel.

AWS's own client is imported when kombu's transport is, so by whoever names such a broker.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from taskcontract.patience import patience_with

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["delete_queues", "find_queue"]

logger = logging.getLogger(__name__)

NO_QUEUE = "NonExistentQueue"
"""How the code of the error ends that says so, in whichever of its protocols the server speaks."""


def find_queue(channel: Any, queue: str) -> str | None:
    """Return the URL of a `queue` of kombu's, on the server of its SQS `channel`; None where there is none.

    Kombu itself makes a queue that it asks for.
    """
    known = channel.predefined_queues
    if known:
        return str(known[queue]["url"]) if queue in known else None
    from botocore.exceptions import ClientError

    try:
        return str(channel.sqs().get_queue_url(QueueName=channel.canonical_queue_name(queue))["QueueUrl"])
    except ClientError as error:
        if str(error.response.get("Error", {}).get("Code", "")).endswith(NO_QUEUE):
            return None
        raise


def delete_queues(url: str, queues: Iterable[str], *, patience: float) -> None:
    """Delete the named queues on the server of `url`; what cannot be deleted is logged as a warning."""
    from botocore.exceptions import BotoCoreError, ClientError
    from kombu import Connection
    from kombu.exceptions import OperationalError

    left = list(queues)
    options = patience_with("sqs", connecting=patience, answering=patience)
    try:
        with Connection(url, transport_options=options) as connection:
            connection.ensure_connection(max_retries=1, interval_start=0.1)
            channel = connection.channel()
            while left:
                if found := find_queue(channel, left[-1]):
                    channel.sqs().delete_queue(QueueUrl=found)
                left.pop()
    except (OperationalError, BotoCoreError, ClientError) as error:
        logger.warning("queues of this run are left on the broker (%s): %s", ", ".join(left), error)
