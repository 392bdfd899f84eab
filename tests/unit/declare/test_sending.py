"""What a delegate puts into a message, seen in the queue of kombu's in-memory broker."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import uuid4

import pytest
from celery import Celery, chain
from celery.result import AsyncResult

from taskcontract import Result, Secret, Service
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, BrokerError, ResultValueError
from tests.support.checkout import checkout_of

Receive = Callable[..., dict[str, Any]]


@dataclass
class Stored:
    url: str


shop = Service("shop", queue=f"shop-{uuid4().hex}")


@shop.task(version="1.2.0", expires=60)
def sell(item: str, pin: Annotated[str, Secret] = "") -> Stored: ...


@pytest.fixture
def app() -> Iterator[Celery]:
    with checkout_of(shop) as app:
        yield app


@pytest.fixture
def receive(app: Celery) -> Receive:
    """Takes one message from a queue: its headers, properties and body."""

    def receive(queue: str = str(shop.queue)) -> dict[str, Any]:
        connection: Any
        with app.connection_for_read() as connection:
            message = connection.default_channel.basic_get(queue, no_ack=True)
            assert message is not None, f"nothing in {queue}"
            body = json.loads(
                message.body if isinstance(message.body, (str, bytes)) else b64decode(message.body)
            )
            return {"headers": message.headers, "content_type": message.content_type, "body": body}

    return receive


def test_a_message_names_its_version_and_consumer(app: Celery, receive: Receive) -> None:
    sell.delay("pen")
    message = receive()
    assert message["headers"]["task"] == "shop.sell"
    assert message["headers"]["taskcontract"] == {"version": "1.2.0", "consumer": "checkout"}
    assert message["headers"]["expires"] is not None
    assert message["content_type"] == "application/json"
    assert message["body"][:2] == [["pen"], {}]


@pytest.mark.parametrize(
    ("named", "variable", "app_name", "consumer"),
    [
        ("billing", "env", "app", "billing"),
        ("", "env", "app", "env"),
        ("", None, "app", "app"),
        ("", None, "__main__", ""),
    ],
)
def test_the_consumer_is_named_by_who_knows_best(
    app: Celery,
    receive: Receive,
    monkeypatch: pytest.MonkeyPatch,
    named: str,
    variable: str | None,
    app_name: str,
    consumer: str,
) -> None:
    if variable:
        monkeypatch.setenv("TASKCONTRACT_CONSUMER", variable)
    app.main = app_name
    shop.use(app, consumer=named)
    sell.delay("pen")
    assert receive()["headers"]["taskcontract"]["consumer"] == consumer


def test_the_callers_options_win(app: Celery, receive: Receive) -> None:
    queue = f"other-{uuid4().hex}"
    sell.apply_async(("pen",), queue=queue, serializer="yaml", headers={"trace": "7"}, expires=None)
    connection: Any
    with app.connection_for_read() as connection:
        message = connection.default_channel.basic_get(queue, no_ack=True)
    assert message.content_type == "application/x-yaml"
    assert message.headers["trace"] == "7"
    assert message.headers["taskcontract"]["version"] == "1.2.0"


def test_secrets_are_sent_and_not_shown(receive: Receive) -> None:
    sell.delay("pen", pin="1234")
    message = receive()
    assert message["body"][1] == {"pin": "1234"}
    assert "1234" not in json.dumps(message["headers"])
    assert message["headers"]["kwargsrepr"] == "{'pin': ***}"


def test_a_signature_is_celerys_own_and_carries_our_header(app: Celery, receive: Receive) -> None:
    chain(sell.s("pen"), sell.si("cup", pin="1234"), app=app).apply_async()
    message = receive()
    assert message["headers"]["taskcontract"]["version"] == "1.2.0"
    (link,) = message["body"][2]["chain"]
    assert link["task"] == "shop.sell"
    assert link["immutable"] is True
    assert link["options"]["headers"]["taskcontract"]["version"] == "1.2.0"
    assert link["options"]["kwargsrepr"] == "{'pin': ***}"


WRONG: dict[str, tuple[Callable[[], object], type[Exception]]] = {
    "a missing argument": (lambda: sell.delay(), ArgumentTypeError),  # type: ignore[call-arg]
    "one too many": (lambda: sell.apply_async(("pen", "", "x")), ArgumentTypeError),
    "a wrong type": (lambda: sell.delay(5), ArgumentValueError),  # type: ignore[arg-type]
    "a signature's wrong type": (lambda: sell.s(5), ArgumentValueError),
    "a call's wrong type": (lambda: sell.call(5), ArgumentValueError),  # type: ignore[arg-type]
    "pickle": (lambda: sell.apply_async(("pen",), serializer="pickle"), ArgumentTypeError),
    "a serializer that nobody has": (
        lambda: sell.apply_async(("pen",), serializer="nosuch"),
        ArgumentTypeError,
    ),
}


@pytest.mark.parametrize(("send", "error"), WRONG.values(), ids=WRONG)
def test_nothing_leaves_the_process_that_the_contract_refuses(
    app: Celery, send: Callable[[], object], error: type[Exception]
) -> None:
    with pytest.raises(error):
        send()
    connection: Any
    with app.connection_for_read() as connection:
        assert connection.default_channel.basic_get(str(shop.queue)) is None


def test_a_value_that_json_lacks_is_refused_with_advice(app: Celery) -> None:
    loose = Service("loose")
    loose.use(app)

    @loose.task(version="1.0.0")
    def anything(value: Any) -> None: ...

    with pytest.raises(ArgumentTypeError, match="cannot be sent as json") as caught:
        anything.delay(object())
    assert "Declare the parameters' types" in caught.value.do


@pytest.mark.process
def test_a_broker_that_refuses_is_named_without_its_password() -> None:
    app = Celery("checkout", broker="amqp://user:hunter2@127.0.0.1:1//", set_as_current=False)
    app.conf.update(
        task_publish_retry=False, broker_transport_options={"max_retries": 1, "interval_start": 0}
    )
    shop.use(app)
    try:
        with pytest.raises(BrokerError, match="does not take the call") as caught:
            sell.delay("pen")
    finally:
        shop.app = None
        app.close()
    assert "127.0.0.1:1" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def finish(result: AsyncResult[Any], value: object) -> None:
    result.backend.store_result(result.id, value, "SUCCESS")


def test_the_result_comes_back_as_its_declared_type(app: Celery) -> None:
    result = sell.delay("pen")
    assert isinstance(result, Result)
    assert isinstance(result, AsyncResult)
    finish(result, {"url": "u"})
    assert result.get(timeout=1) == Stored("u")
    assert result.result == Stored("u")


def test_a_result_outside_its_type_is_an_error_that_says_where(app: Celery) -> None:
    result = sell.delay("pen")
    finish(result, {"url": 5})
    with pytest.raises(ResultValueError, match=r"sell@1\.2\.0 returned .*at \.url"):
        result.get(timeout=1)


def test_a_failure_stays_celerys(app: Celery) -> None:
    result = sell.delay("pen")
    result.backend.store_result(result.id, KeyError("x"), "FAILURE")
    with pytest.raises(KeyError):
        result.get(timeout=1)
    assert isinstance(result.get(timeout=1, propagate=False), KeyError)


def test_a_queue_is_declared_once_for_a_connection(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    declared: list[str] = []
    from kombu.transport.memory import Channel

    original = Channel.queue_declare

    def note(self: Any, queue: str | None = None, *args: Any, **kwargs: Any) -> Any:
        declared.append(str(queue))
        return original(self, queue, *args, **kwargs)

    monkeypatch.setattr(Channel, "queue_declare", note)
    for connections in (1, 2):
        with app.producer_or_acquire() as producer:
            producer.connection.declared_entities.clear()  # as kombu does when it connects anew
        sell.delay("pen")
        sell.delay("pen")
        assert declared == [shop.queue] * connections
