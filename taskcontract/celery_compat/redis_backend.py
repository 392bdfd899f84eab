"""A client of the Redis that keeps results, with a time limit of its own.

Private: `RedisBackend._create_client`. Without it the backend's own client is used, which waits as long as
results may take.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["own_client"]


@contextmanager
def own_client(backend: Any, longest_wait: float) -> Iterator[Any]:
    """Give the block a client that returns bytes and waits at most `longest_wait` seconds for an answer."""
    create = getattr(backend, "_create_client", None)
    if create is None:
        yield backend.client
        return
    longest = backend.connparams.get("socket_timeout") or longest_wait
    own = {"socket_timeout": min(longest, longest_wait), "decode_responses": False}
    client = create(**{**backend.connparams, **own})
    try:
        yield client
    finally:
        client.connection_pool.disconnect()
