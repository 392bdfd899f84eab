"""Checks of pydantic's and the standard library's whose texts are known."""

from __future__ import annotations

from ipaddress import (
    IPv4Address,
    IPv4Interface,
    IPv4Network,
    IPv6Address,
    IPv6Interface,
    IPv6Network,
)
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import PydanticSerializationUnexpectedValue

from taskcontract.declare.secret import is_marked
from taskcontract.declare.wire.checks import is_own_of_pydantic, name_of
from taskcontract.declare.wire.parts import walk_core
from taskcontract.model.forms import IPV4, IPV6, anchored

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Known", "find_known", "holds_secrets", "is_known", "is_secret", "reveal"]


class Known(NamedTuple):
    """The texts that a check takes match `pattern` (None: all do); unless `exact`, it refuses some."""

    format: str
    pattern: str | None
    says: str
    exact: bool = True


_IPV6_ZONE = "(?:%[^%/]+)?"
_KNOWN: dict[object, Known] = {
    IPv4Address: Known("ipv4", anchored(IPV4), "an IPv4 address"),
    IPv6Address: Known("ipv6", anchored(IPV6 + _IPV6_ZONE), "an IPv6 address"),
    IPv4Interface: Known(
        "ipv4interface", anchored(rf"{IPV4}(?:/(?:[0-9]|[12][0-9]|3[0-2]))?"), "an IPv4 interface"
    ),
    IPv6Interface: Known(
        "ipv6interface",
        anchored(rf"{IPV6}{_IPV6_ZONE}(?:/(?:[0-9]|[1-9][0-9]|1[01][0-9]|12[0-8]))?"),
        "an IPv6 interface",
    ),
    IPv4Network: Known("ipv4network", anchored(r"[0-9.]{1,15}(?:/[0-9.]{1,15})?"), "an IPv4 network", False),
    IPv6Network: Known(
        "ipv6network", anchored(r"[0-9a-fA-F:.]{2,45}(?:/[0-9]{1,3})?"), "an IPv6 network", False
    ),
}
_URL = Known("uri", r"^[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20]+$", "a URL", False)


def find_known(function: object, inner: Mapping[str, Any]) -> Known | None:
    """Return what is known of a function that pydantic calls after, or around, the core schema `inner`."""
    if isinstance(function, type):
        return _KNOWN.get(function)
    if not callable(function) or not is_own_of_pydantic(function):
        return None
    if name_of(function) == "path_validator":
        return Known("path", None, "a path")
    if inner.get("type") in ("url", "multi-host-url"):
        return _URL
    return None


def is_known(function: object) -> bool:
    """Return whether a function is one of the standard library's that pydantic calls."""
    return isinstance(function, type) and function in _KNOWN


def is_secret(core: Mapping[str, Any]) -> bool:
    """Return whether this is the schema of pydantic's secrets, which write `**********` for their value."""
    serializer = (core.get("serialization") or {}).get("function")
    return serializer is not None and is_own_of_pydantic(serializer) and "secret" in name_of(serializer)


def holds_secrets(core: Any) -> bool:
    """Return whether a part of a core schema is marked as secret, or one of pydantic's secrets."""
    return any(is_marked(part) or is_secret(part) for part in walk_core(core))


def reveal(value: Any) -> Any:
    """Return the JSON form of a pydantic secret: its value, which the receiver makes a secret of again."""
    if not hasattr(value, "get_secret_value"):
        raise PydanticSerializationUnexpectedValue("not a secret")
    return value.get_secret_value()
