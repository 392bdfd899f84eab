"""One clear error for a broker that is away or refuses."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kombu.exceptions import OperationalError

from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

__all__ = ["explaining", "reaching"]


@contextmanager
def reaching(app: Celery, what: str) -> Iterator[Any]:
    """Give a connection to the broker of `app`, closed behind the block; errors as for `explaining`."""
    connection: Any = app.connection_for_read()
    with explaining(connection, what), connection:
        connection.ensure_connection(max_retries=1, interval_start=0.1)
        yield connection


@contextmanager
def explaining(connection: Any, what: str) -> Iterator[None]:
    """Turn what the transport raises in the block into one BrokerError.

    It says that `what` cannot be reached and names the broker, without its password.
    """
    try:
        yield
    except (OperationalError, *connection.connection_errors, *connection.channel_errors) as error:
        raise BrokerError(
            f"{what} cannot be reached: {error}",
            connection.as_uri(),
            "Start the broker, or name another one with --broker.",
        ) from error
