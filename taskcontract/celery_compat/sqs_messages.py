"""Messages of SQS of any form: anybody with a key may put a text there, and SQS gives it again for ever.

Kombu reads the text as it arrives, on the worker's event loop. One that is not of the form of its own would
end the worker there, and each one that takes it next.

Private: `Channel._message_to_python` of kombu's transport for SQS, which makes of a received text what a
message is made of. Without it such a text ends the worker, as ever, and the log says so.
"""

from __future__ import annotations

import logging
from base64 import b64decode
from typing import Any

from kombu.transport import virtual

from taskcontract.celery_compat.any_message import MALFORMED
from taskcontract.celery_compat.lacking import say_lacking

__all__ = ["take_any_text"]

logger = logging.getLogger("taskcontract.safety_net")


def take_any_text(connection: Any) -> None:
    """Let the kombu `connection`, if it is one to SQS and not made yet, take messages of any form.

    What is not one of kombu's has its whole text as its body.
    """
    if connection.get_transport_cls().driver_type != "sqs":
        return
    make_channel = connection.channel

    def channel() -> Any:
        made = make_channel()
        if lacking := say_lacking(made, "_message_to_python"):
            logger.warning("a text on SQS that is not a message of kombu's ends this worker: %s", lacking)
            return made
        made._message_to_python = _AnyText(made._message_to_python)
        made.Message = _Message
        return made

    connection.channel = channel


class _AnyText:
    """Reads what SQS gave, as kombu's own `read` does, whatever it is."""

    def __init__(self, read: Any) -> None:
        self._read = read

    def __call__(self, told: dict[str, Any], queue: str, url: str) -> Any:
        try:
            payload = self._read(told, queue, url)
            delivery = payload["properties"]["delivery_info"]
        except MALFORMED:
            delivery = {"sqs_message": told, "sqs_queue": url}
            payload = _as_body(told["ReceiptHandle"], delivery)
        # It says where the message came from, and what is acknowledged is looked up by it.
        for name, known in (("exchange", ""), ("routing_key", queue)):
            if not isinstance(delivery.get(name), str):
                delivery[name] = known
        return payload


class _Message(virtual.Message):
    """Kombu's message; one whose parts it cannot read has its whole text as its body."""

    def __init__(self, payload: Any, channel: Any = None, **kwargs: Any) -> None:
        try:
            super().__init__(payload, channel=channel, **kwargs)
        except MALFORMED:
            properties = payload["properties"]
            readable = _as_body(properties["delivery_tag"], properties["delivery_info"])
            super().__init__(readable, channel=channel, **kwargs)


def _as_body(tag: str, delivery: dict[str, Any]) -> dict[str, Any]:
    """Return what a message is made of whose body is all that SQS gave."""
    return {
        "body": _read_text(str(delivery["sqs_message"]["Body"])),
        "content-type": "application/octet-stream",
        "content-encoding": "utf-8",
        "properties": {"delivery_tag": tag, "delivery_info": delivery},
    }


def _read_text(body: str) -> str:
    """Return what was sent, without the Base64 that kombu writes around it."""
    try:
        return b64decode(body, validate=True).decode()
    except ValueError:
        return body
