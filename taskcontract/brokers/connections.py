"""One clear error for a broker that is away, hangs or refuses, and for a URL that names none."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kombu.exceptions import OperationalError

from taskcontract.brokers.received import unpack_when_decoded
from taskcontract.brokers.sqs import SQS, errors_of_sqs
from taskcontract.celery_compat.amqp_frames import take_any_headers
from taskcontract.errors import BrokerError
from taskcontract.patience import patience_with
from taskcontract.servers import advise_on_key, explain_backend_fault, explain_url_fault
from taskcontract.urls import hide_in_text, spell_server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from celery import Celery

__all__ = ["PATIENCE", "backend_of", "connection_of", "explaining", "reaching"]

PATIENCE = 5.0
"""Seconds that a Redis or SQS has to answer, which would be waited for much longer."""

REFUSALS = {"AuthenticationError", "NoPermissionError", "AccessRefused", "NotAllowed"}
"""What redis and amqp call errors of who may do what."""


@contextmanager
def reaching(app: Celery, what: str, *, timeout: float = 0) -> Iterator[Any]:
    """Yield a connection to the broker of `app`, closed after the block; errors as for `explaining`.

    `timeout` is how many seconds the block waits for others on purpose: they do not count as a hang.
    """
    connection = connection_of(app, timeout=timeout)
    with explaining(connection, what), connection:
        try:
            connection.ensure_connection(max_retries=1, interval_start=0.1)
        except (ValueError, TypeError, ImportError) as error:  # redis://host/no-number, a missing library
            raise explain_url_fault("broker", spell_server(connection), error) from None
        yield connection


def connection_of(app: Celery, *, timeout: float = 0) -> Any:
    """Return a connection to the broker of `app`, not opened yet; raise a ConfigError for a URL of no broker.

    One to a Redis or SQS gives up after a while, unless the app's transport options say when.
    """
    url = app.conf.broker_read_url or app.conf.broker_url
    try:
        connection: Any = app.connection_for_read()
        driver = connection.transport.driver_type
    except Exception as error:  # each transport has errors of its own for a URL that it cannot read
        raise explain_url_fault("broker", url, error) from None
    connection.configured_url = url  # of which kombu keeps what it has read
    take_any_headers(connection)
    unpack_when_decoded(connection)
    patience = patience_with(driver, connecting=PATIENCE, answering=PATIENCE + timeout)
    connection.transport_options = {**patience, **connection.transport_options}
    return connection


def backend_of(app: Celery) -> Any:
    """Return the result backend of `app`; raise a ConfigError for a URL of none."""
    try:
        return app.backend
    except Exception as error:  # each backend has errors of its own for a URL that it cannot read
        raise explain_backend_fault(app, error) from None


@contextmanager
def explaining(connection: Any, what: str) -> Iterator[None]:
    """Turn what the transport raises in the block into one BrokerError.

    It says that `what` cannot be reached and names the broker, without its password.
    """
    try:
        yield
    except _errors_of(connection) as error:
        # Kombu wraps the transport's own errors.
        is_there, advice = _advise(connection, [error, error.__cause__])
        said = hide_in_text(str(error), getattr(connection, "configured_url", None))
        raise BrokerError(
            f"{what} cannot be {'used' if is_there else 'reached'}: {said}", spell_server(connection), advice
        ) from error


def _errors_of(connection: Any) -> tuple[type[Exception], ...]:
    """Return what the transport of `connection` raises, whatever it calls it."""
    more = errors_of_sqs() if connection.transport.driver_type == SQS else ()
    return (OperationalError, *connection.connection_errors, *connection.channel_errors, *more)


def _advise(connection: Any, errors: list[BaseException | None]) -> tuple[bool, str]:
    """Return whether the broker answers at all, and what to do about its errors."""
    if {type(error).__name__ for error in errors} & REFUSALS:
        return True, "Check the user and the password in the broker's URL, and what that user may do."
    if advice := next(filter(None, (advise_on_key(error) for error in errors if error)), ""):
        return True, advice
    refusing = errors_of_sqs()[:1] if connection.transport.driver_type == SQS else connection.channel_errors
    if any(isinstance(error, refusing) for error in errors):
        return True, "The broker answers and refuses this: see what else writes there, or name another one."
    return False, "Start the broker, or name another one with --broker."
