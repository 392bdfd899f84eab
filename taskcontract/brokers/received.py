"""Messages whose bodies are unpacked within bounds, on whichever transport: kombu's own knows none.

Kombu unpacks a body as it makes the message, before other code sees it. Ours is made by the same transport,
and keeps the body as it was sent beside the one to be read.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from kombu.message import Message

from taskcontract.brokers.unpacking import COMPRESSION, unpack
from taskcontract.brokers.yaml_aliases import refuse_large_yaml

__all__ = ["Packed", "body_as_sent", "unpack_when_decoded", "unpack_within_bounds"]


def unpack_within_bounds(connection: Any) -> None:
    """Let the kombu `connection` give messages with unpacked bodies, as ever.

    One that is too large has an error, as one that is broken has.
    """
    _make_messages(connection, Unpacked)


def unpack_when_decoded(connection: Any) -> None:
    """Let the kombu `connection` give messages with bodies as they were sent: for who only looks at them."""
    _make_messages(connection, Packed)


def body_as_sent(message: Any) -> Any:
    """Return the body of a kombu `message`, compressed if it came so and one of our connections gave it."""
    sent = getattr(message, "sent", None)
    return message.body if sent is None else sent


class Received(Message):
    """Stands between a transport's class of messages and kombu's."""

    sent: Any = None
    """The body as it was sent, where it came compressed."""

    def __init__(self, body: Any = None, headers: Any = None, **fields: Any) -> None:
        compression = headers.get(COMPRESSION) if isinstance(headers, dict) else None
        if not compression:
            super().__init__(body=body, headers=headers, **fields)
            return
        self.sent = body
        others = {name: value for name, value in headers.items() if name != COMPRESSION}
        super().__init__(body=self._open(body, compression), headers=others, **fields)
        self.headers = headers

    def _open(self, body: Any, compression: Any) -> Any:
        """Return the body that the message is made with, of one that came compressed: as it was sent."""
        return body

    def decode(self) -> Any:
        """Read the body; a ValueError for YAML that makes too much of itself."""
        refuse_large_yaml(self.body, self.content_type)
        return super().decode()


class Unpacked(Received):
    """Its body is unpacked when it is made: Celery's workers hand it on."""

    def _open(self, body: Any, compression: Any) -> Any:
        try:
            return unpack(body, compression)
        except Exception as error:  # a codec may raise anything
            # Without the frames that it came through, which hold what was unpacked by then.
            self.errors = [(type(error), error.with_traceback(None), None)]
            return body


class Packed(Received):
    """Its body is unpacked only where it is decoded."""

    def decode(self) -> Any:
        """Unpack the body, and read it."""
        if self.sent is not None and self.body is self.sent:
            self.body: Any = unpack(self.sent, self.headers[COMPRESSION])
        return super().decode()


def _make_messages(connection: Any, kind: type[Received]) -> None:
    # On the connection itself: its transport is replaced when it turns to another server.
    make_channel = connection.channel
    join: Any = _join

    def channel() -> Any:
        made = make_channel()
        made.Message = join(made.Message, kind)
        return made

    connection.channel = channel


@cache
def _join(theirs: Any, kind: Any) -> Any:
    """Return a class that is `theirs`, and of that `kind`."""
    return theirs if issubclass(theirs, kind) else type(theirs.__name__, (theirs, kind), {})
