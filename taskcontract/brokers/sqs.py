"""The queues of SQS beside kombu's consumers: made, counted, read and removed by the client of its channel.

AWS's own client is imported when kombu's transport is, so by whoever names such a broker.
"""

from __future__ import annotations

import logging
from base64 import b64decode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from taskcontract.errors import BrokerError
from taskcontract.patience import LONG_POLL, patience_with

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = [
    "HELD",
    "SQS",
    "TakenMessage",
    "count_messages",
    "delete_queues",
    "errors_of_sqs",
    "find_queue",
    "keep_plain",
    "make_queue",
    "refuses_for_good",
    "taken",
]

logger = logging.getLogger(__name__)

SQS = "sqs"
"""Kombu's `driver_type`, and the scheme of its URLs."""

NO_QUEUE, IS_THERE = ("NonExistentQueue", "QueueDoesNotExist"), ("QueueAlreadyExists", "QueueNameExists")
"""How the codes of the errors end that say so, in whichever of its protocols the server speaks."""

OF_THE_MESSAGE = ("InvalidParameterValue", "InvalidMessageContents")
"""Likewise, of errors that no other attempt to send that message would be spared: it is too large."""

HELD = 300
"""Seconds that messages are hidden from others which are looked at, if whoever looks is killed."""

BATCH = 10
"""Messages that SQS gives, or takes back, at once."""

LONGEST_KEPT = 14 * 24 * 3600
"""Seconds that a queue of SQS keeps a message, at the most; its default is four days."""


def errors_of_sqs() -> tuple[type[Exception], ...]:
    """Return what AWS's client and kombu's transport raise; the first is an answer of SQS itself."""
    from botocore.exceptions import BotoCoreError, ClientError
    from kombu.exceptions import KombuError

    found: tuple[type[Exception], ...] = (ClientError, BotoCoreError, KombuError)
    return found


def refuses_for_good(error: BaseException) -> bool:
    """Return whether SQS refuses a message as it is, and not for now, its queue or its sender."""
    return _code_of(error).endswith(OF_THE_MESSAGE)


def keep_plain(connection: Any) -> None:
    """Let the kombu `connection` send its JSON as it is, where kombu makes a third more of it with Base64.

    So what came in a message that was just small enough fits into one with a note. Kombu reads both.
    """
    patience = patience_with(SQS, connecting=5, answering=10)
    connection.transport_options = {**patience, **connection.transport_options, "sqs_base64_encoding": False}


def find_queue(channel: Any, queue: str) -> str | None:
    """Return the URL of a `queue` of kombu's, on the server of its SQS `channel`; None where there is none.

    Kombu itself makes a queue that it asks for.
    """
    known = channel.predefined_queues
    if known:
        return str(known[queue]["url"]) if queue in known else None
    try:
        return str(channel.sqs().get_queue_url(QueueName=channel.canonical_queue_name(queue))["QueueUrl"])
    except errors_of_sqs() as error:
        if _code_of(error).endswith(NO_QUEUE):
            return None
        raise


def make_queue(channel: Any, queue: str) -> None:
    """Make a `queue` that keeps messages as long as SQS can; one that is there stays as it is.

    A BrokerError where the app predefines its queues, and this is none of them.
    """
    if channel.predefined_queues:
        raise BrokerError(
            f"the queue {queue!r} is none of the predefined_queues in broker_transport_options",
            do="Make it, with a MessageRetentionPeriod of 14 days, and name its URL there.",
        )
    options = channel.transport_options
    attributes = {
        "VisibilityTimeout": str(channel.visibility_timeout),
        "MessageRetentionPeriod": str(LONGEST_KEPT),
        **(options.get("sqs-creation-attributes") or {}),
    }
    tags = {"tags": options["queue_tags"]} if options.get("queue_tags") else {}
    try:
        channel.sqs().create_queue(
            QueueName=channel.canonical_queue_name(queue), Attributes=attributes, **tags
        )
    except errors_of_sqs() as error:  # another worker was first, with other settings
        if not _code_of(error).endswith(IS_THERE):
            raise


def count_messages(channel: Any, queue: str) -> int | None:
    """Return about how many messages the `queue` has, with those that a consumer holds; None without one."""
    url = find_queue(channel, queue)
    return None if url is None else sum(_count(channel, queue, url))


class TakenMessage:
    """A message that is hidden from others: `raw` is the JSON that kombu put there, or any other text."""

    def __init__(self, client: Any, url: str, told: dict[str, Any]) -> None:
        self.raw = _read_text(str(told["Body"]))
        self.handle = str(told["ReceiptHandle"])
        self.is_gone = False
        self._client = client
        self._url = url

    def ack(self) -> None:
        """Remove it for good."""
        self._client.delete_message(QueueUrl=self._url, ReceiptHandle=self.handle)
        self.is_gone = True


@contextmanager
def taken(channel: Any, queue: str, most: int) -> Iterator[list[TakenMessage]]:
    """Take up to `most` messages of the `queue`; a warning is logged where another consumer holds some.

    Those that are still there behind the block are given back, at once; after HELD seconds if this
    process dies.
    """
    url = find_queue(channel, queue)
    if url is None:
        yield []
        return
    client = _client_for(channel, queue)
    if held := _count(channel, queue, url)[1]:
        logger.warning(
            "about %d more are looked at by others, or were just now, and hidden: look again when they "
            "are done, or %d seconds after one of them was killed",
            held,
            HELD,
        )
    found: dict[str, TakenMessage] = {}
    try:
        while len(found) < most:
            told = client.receive_message(
                QueueUrl=url,
                MaxNumberOfMessages=min(BATCH, most - len(found)),
                WaitTimeSeconds=LONG_POLL,
                VisibilityTimeout=HELD,
            )
            if not (messages := told.get("Messages")):
                break
            # It may give one twice: the latest handle is the one that counts.
            found |= {each["MessageId"]: TakenMessage(client, url, each) for each in messages}
        yield list(found.values())
    finally:
        _give_back(client, url, [each.handle for each in found.values() if not each.is_gone])


def delete_queues(url: str, queues: Iterable[str], *, patience: float) -> None:
    """Delete the named queues on the server of `url`; what cannot be deleted is logged as a warning."""
    from kombu import Connection

    left = list(queues)
    options = patience_with(SQS, connecting=patience, answering=patience)
    try:
        connection: Any = Connection(url, transport_options=options)
        with connection:
            connection.ensure_connection(max_retries=1, interval_start=0.1)
            channel = connection.channel()
            while left:
                if found := find_queue(channel, left[-1]):
                    channel.sqs().delete_queue(QueueUrl=found)
                left.pop()
    except errors_of_sqs() as error:
        logger.warning("queues of this run are left on the broker (%s): %s", ", ".join(left), error)


def _client_for(channel: Any, queue: str) -> Any:
    return channel.sqs(queue=queue) if channel.predefined_queues else channel.sqs()


def _count(channel: Any, queue: str, url: str) -> tuple[int, int]:
    """Return about how many messages wait, and how many are held."""
    names = ("", "Delayed", "NotVisible")
    spelled = [f"ApproximateNumberOfMessages{name}" for name in names]
    told = _client_for(channel, queue).get_queue_attributes(QueueUrl=url, AttributeNames=spelled)
    waiting, delayed, held = (int(told.get("Attributes", {}).get(name, 0)) for name in spelled)
    return waiting + delayed, held


def _give_back(client: Any, url: str, handles: Sequence[str]) -> None:
    try:
        for start in range(0, len(handles), BATCH):
            entries = [
                {"Id": str(number), "ReceiptHandle": handle, "VisibilityTimeout": 0}
                for number, handle in enumerate(handles[start : start + BATCH])
            ]
            client.change_message_visibility_batch(QueueUrl=url, Entries=entries)
    except errors_of_sqs() as error:
        logger.warning("messages that were looked at are hidden for up to %d seconds: %s", HELD, error)


def _read_text(body: str) -> bytes:
    """Return what was sent: kombu writes Base64 around it, unless it is told otherwise."""
    try:
        return b64decode(body, validate=True)
    except ValueError:
        return body.encode(errors="surrogatepass")


def _code_of(error: BaseException) -> str:
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""
