"""A broker that is away, refuses or hangs is one clear error, with advice that fits its kind."""

from __future__ import annotations

from typing import Any

import pytest
from amqp.exceptions import AccessRefused, NotFound
from botocore.exceptions import ClientError, EndpointConnectionError, NoCredentialsError
from celery import Celery
from kombu.exceptions import OperationalError
from redis import exceptions

from taskcontract.brokers.connections import connection_of, explaining
from taskcontract.errors import BrokerError

REDIS, AMQP, SQS = "redis://:secret@h/0", "amqp://me:secret@h//", "sqs://key:secret@h"


def caused(error: Exception) -> OperationalError:
    """As kombu wraps it."""
    wrapped = OperationalError(str(error))
    wrapped.__cause__ = error
    return wrapped


KINDS: dict[str, tuple[str, Exception, str, str]] = {
    "away": (REDIS, exceptions.ConnectionError("refused"), "cannot be reached: refused", "Start the broker"),
    "hanging": (REDIS, exceptions.TimeoutError("slow"), "cannot be reached: slow", "Start the broker"),
    "wrapped": (AMQP, caused(OSError("refused")), "cannot be reached: refused", "Start the broker"),
    "no password": (
        REDIS,
        exceptions.AuthenticationError("NOAUTH"),
        "cannot be used: NOAUTH",
        "the password",
    ),
    "no right": (REDIS, exceptions.NoPermissionError("NOPERM"), "cannot be used: NOPERM", "the password"),
    "no user": (AMQP, caused(AccessRefused("403")), "cannot be used: 403", "the password"),
    "another type": (
        REDIS,
        exceptions.ResponseError("WRONGTYPE"),
        "cannot be used: WRONGTYPE",
        "writes there",
    ),
    "no such thing": (AMQP, NotFound("404"), "cannot be used", "writes there"),
    "a wrong key": (
        SQS,
        ClientError({"Error": {"Code": "InvalidClientTokenId"}}, "SendMessage"),
        "cannot be used",
        "Name a key of AWS",
    ),
    "no key": (SQS, caused(NoCredentialsError()), "cannot be used", "Name a key of AWS"),
    "throttled": (
        SQS,
        ClientError({"Error": {"Code": "RequestThrottled"}}, "SendMessage"),
        "cannot be used",
        "writes there",
    ),
    "SQS is away": (
        SQS,
        caused(EndpointConnectionError(endpoint_url="https://h")),
        "cannot be reached",
        "Start the broker",
    ),
}


@pytest.mark.parametrize(("url", "error", "what", "do"), KINDS.values(), ids=KINDS)
def test_an_error_says_what_to_do(url: str, error: Exception, what: str, do: str) -> None:
    connection = connection_of(Celery(broker=url, set_as_current=False))
    with pytest.raises(BrokerError) as caught, explaining(connection, "the broker"):
        raise error
    assert what in caught.value.what
    assert do in caught.value.do
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "configured", "timeout", "options"),
    [
        (REDIS, {}, 0, {"socket_timeout": 5, "socket_connect_timeout": 5}),
        (REDIS, {}, 3, {"socket_timeout": 8, "socket_connect_timeout": 5}),
        (REDIS, {"socket_timeout": 60}, 3, {"socket_timeout": 60, "socket_connect_timeout": 5}),
        (AMQP, {"confirm_publish": True}, 3, {"confirm_publish": True}),
    ],
)
def test_a_redis_that_hangs_is_given_up(
    url: str, configured: dict[str, Any], timeout: float, options: dict[str, Any]
) -> None:
    app = Celery(broker=url, set_as_current=False)
    app.conf.broker_transport_options = configured
    before = dict(configured)
    made = connection_of(app, timeout=timeout).transport_options
    assert ("frame_handler" in made) == url.startswith("amqp"), "headers of any form are taken"
    assert {name: value for name, value in made.items() if name != "frame_handler"} == options
    assert app.conf.broker_transport_options == before
