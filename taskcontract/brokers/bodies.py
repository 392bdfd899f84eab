"""Read the body of a message that is inspected, not served, without running any code from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kombu.serialization import loads, prepare_accept_content

from taskcontract.brokers.unpacking import COMPRESSION, unpack
from taskcontract.brokers.yaml_aliases import refuse_large_yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HARMLESS", "UNREADABLE", "read_body"]

HARMLESS = prepare_accept_content(["json", "msgpack", "yaml"])
"""What is decoded: reading pickle would run the sender's code."""

UNREADABLE: Any = object()
"""The body that cannot be read, as distinct from one that says None."""


def read_body(body: Any, headers: Mapping[str, Any], content_type: Any, content_encoding: Any) -> Any:
    """Return the decoded `body` of a message with these `headers`; UNREADABLE if it cannot be read."""
    try:
        if headers.get(COMPRESSION):
            body = unpack(body, headers[COMPRESSION])
        refuse_large_yaml(body, content_type)
        return loads(body, content_type, content_encoding, accept=HARMLESS)
    except Exception:  # a codec may raise anything
        return UNREADABLE
