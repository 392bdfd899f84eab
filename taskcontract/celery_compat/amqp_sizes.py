"""How large a message's headers are on their way to RabbitMQ, which ends the connection for one too many.

Private: `amqp.Message._serialize_properties`. Without it no size is known, and a message whose headers are
larger than a frame costs the connection: it is not kept, and the worker tries again, as for a broker that is
away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["size_of_headers"]


def size_of_headers(channel: Any, message: Mapping[str, Any]) -> int:
    """Return the bytes of the properties and headers of `message`, the arguments of `prepare_message`.

    0 where that cannot be known.
    """
    made = channel.prepare_message(**{**message, "properties": dict(message["properties"])})
    serialize = getattr(made, "_serialize_properties", None)
    return 0 if serialize is None else len(serialize())
