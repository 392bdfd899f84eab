"""Messages of RabbitMQ whose headers cannot be read arrive all the same, with a header that says so.

The AMQP client reads headers by recursion, on the connection. What it raises there (headers nested too
deeply, a value of no known type) would end the worker or its connection, and the broker would give it the
same message again.

Undocumented: `amqp.method_framing.frame_handler`, which reads frames, the argument of that name of
`amqp.Connection`, by which another one takes its place, and `amqp.serialization.dumps`. Without them headers
that cannot be read end the connection, as ever, and the log says so.
"""

from __future__ import annotations

import logging
import re
import struct
from inspect import signature
from typing import TYPE_CHECKING, Any

from amqp import Connection, method_framing, serialization
from kombu.transport.pyamqp import Transport

from taskcontract.celery_compat.lacking import say_lacking

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["UNREAD", "take_any_headers"]

UNREAD = "taskcontract-unread"
"""The header that stands in place of those that cannot be read, and says why."""

HEADER_FRAME = 2
FIXED = 12
"""Bytes of such a frame before the flags that say which properties follow."""

BEFORE_HEADERS, HEADERS = (0x8000, 0x4000), 0x2000
"""The flags of the two short texts that stand before the headers, and of these."""

NAME = re.compile(rb"\x02idS(?P<id>.{4})|\x04taskS(?P<task>.{4})", re.DOTALL)
LONGEST_NAME = 255

logger = logging.getLogger("taskcontract.safety_net")

Frame = tuple[int, int, bytes]


def take_any_headers(connection: Any) -> None:
    """Let the kombu `connection`, if it is one to RabbitMQ and not made yet, take headers of any form."""
    if not issubclass(connection.get_transport_cls(), Transport):
        return
    lacking = say_lacking(method_framing, "frame_handler") or say_lacking(serialization, "dumps")
    if not lacking and "frame_handler" not in signature(Connection).parameters:
        lacking = "amqp.Connection takes no frame_handler"
    if lacking:
        logger.warning("headers that cannot be read end a connection to RabbitMQ: %s", lacking)
    else:
        connection.transport_options = {**connection.transport_options, "frame_handler": _read_frames}


def _read_frames(connection: Any, callback: Callable[..., Any]) -> Callable[[Frame], Any]:
    """Return the AMQP client's reader of frames for a connection, which calls back with each method."""
    calls = 0

    def call(*method: Any) -> Any:
        nonlocal calls
        calls += 1
        return callback(*method)

    read = method_framing.frame_handler(connection, call)

    def read_any(frame: Frame) -> Any:
        before = calls
        try:
            return read(frame)
        except Exception as error:  # whatever a sender's bytes make it raise
            kind, channel, data = frame
            if kind != HEADER_FRAME or calls != before:  # of the connection, or of who was called back
                raise
            readable = _replace_headers(bytes(data), error)
            if readable is None:
                raise
            return read((kind, channel, readable))

    return read_any


def _replace_headers(data: bytes, error: Exception) -> bytes | None:
    """Return the frame with readable headers in place of its own; None without any, or for a broken frame."""
    try:
        (flags,) = struct.unpack_from(">H", data, FIXED)
        start = FIXED + 2
        for flag in BEFORE_HEADERS:
            start += 1 + data[start] if flags & flag else 0
        end = start + 4 + struct.unpack_from(">I", data, start)[0]
    except (struct.error, IndexError):
        return None
    if not flags & HEADERS or end > len(data):
        return None
    headers = {**_find_names(data[start:end]), UNREAD: type(error).__name__}
    return data[:start] + bytes(serialization.dumps("F", (headers,))) + data[end:]


def _find_names(table: bytes) -> dict[str, str]:
    """Return the first id and the first task in headers that are not read."""
    names: dict[str, str] = {}
    for found in NAME.finditer(table):
        name = str(found.lastgroup)
        (length,) = struct.unpack_from(">I", found[name])
        text = table[found.end() : found.end() + length].decode(errors="replace")
        if length <= LONGEST_NAME and text.isprintable():
            names.setdefault(name, text)
    return names
