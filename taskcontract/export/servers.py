"""Brokers as the servers of an AsyncAPI document: where they are, and nothing of who may enter."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from taskcontract.errors import ConfigError
from taskcontract.model.ids import escape_id
from taskcontract.urls import hide_password

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.canonical import Json

__all__ = ["LOGIN", "write_servers"]

LOGIN = "login"
"""The security scheme of a server that asks for a user or a password."""
_SECURITY: Json = [{"$ref": f"#/components/securitySchemes/{LOGIN}"}]


def write_servers(urls: Iterable[str]) -> dict[str, Json]:
    """Return the server of each URL, by an id made of its protocol and its host.

    Users, passwords and queries are left out. A ConfigError for what names no host.
    """
    servers: dict[str, Json] = {}
    for url in urls:
        for each in url.split(";"):
            name, server = _write(each.strip())
            servers[name] = server
    return servers


def _write(url: str) -> tuple[str, dict[str, Json]]:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    if "://" not in url or not host or not host.isprintable() or " " in host:
        raise ConfigError(
            f"{hide_password(url)!r} does not say where a server is",
            where="--server",
            do="Give a URL with a protocol and a host, such as amqp://rabbitmq.example.com:5672/.",
        )
    shown = f"[{host}]" if ":" in host else host
    where = shown if port is None else f"{shown}:{port}"
    server: dict[str, Json] = {"host": where, "protocol": parts.scheme}
    if parts.path.strip("/"):
        server["pathname"] = parts.path
    if parts.username or parts.password:
        server["security"] = _SECURITY
    return escape_id(f"{parts.scheme}.{host}{'' if port is None else f'.{port}'}"), server
