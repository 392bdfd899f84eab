"""A message of any form: one that Kombu cannot read would end the worker that took it."""

from __future__ import annotations

from typing import Any

from kombu.transport import virtual
from kombu.utils.json import dumps

__all__ = ["MALFORMED", "AnyMessage"]

MALFORMED = (TypeError, ValueError, LookupError, AttributeError, RecursionError, ArithmeticError)
"""What reading a message raises where its form is not as expected; no attempt goes better than the first."""


class AnyMessage(virtual.Message):
    """Kombu's message of a virtual transport; what it cannot read has its whole text as its body.

    Only the delivery tag must be there, with which it is acknowledged.
    """

    def __init__(self, payload: Any, channel: Any = None, **kwargs: Any) -> None:
        try:
            super().__init__(payload, channel=channel, **kwargs)
        except MALFORMED:
            properties = payload["properties"]
            readable = {
                "body": dumps(payload),
                "content-type": "application/octet-stream",
                "content-encoding": "utf-8",
                "properties": {name: properties[name] for name in ("delivery_tag", "delivery_info")},
            }
            super().__init__(readable, channel=channel, **kwargs)
