# mypy: disable-error-code="empty-body"
"""The options of a send: all that the installed Celery takes, and no others."""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Annotated, Any

import pytest
from amqp.basic_message import Message
from celery import Celery, Task, chain, group
from kombu import Producer

from taskcontract import Secret, Service
from taskcontract.declare.options import LOCAL_OPTIONS, OPTIONS
from taskcontract.errors import ArgumentTypeError
from tests.support.checkout import checkout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

shop = Service("shop", queue="shop-of-options")


@shop.task(version="1.0.0")
def sell(item: str, force: bool = False, *, pin: Annotated[str, Secret] = "", **more: int) -> str: ...


OURS = {
    "args": "are the call's",
    "kwargs": "are the call's",
    "name": "is the task's",
    "task_type": "is what Celery's own Task passes",
    "result_cls": "is ours: the result is typed",
    # Celery makes these itself and passes them by position; or they are what a send ends in.
    "callbacks": "is said as link",
    "errbacks": "is said as link_error",
    "create_sent_event": "is the setting task_send_sent_event",
    "now": "is for Celery's tests",
    "timezone": "is the app's setting",
    "producer": "is an option, listed besides",
    "message": "is what is made of all this",
    "body": "is what is made of all this",
    "self": "is Celery's object",
    "application_headers": "are said as headers",
}


def taken_by_celery(app: Celery) -> set[str]:
    """Every name that a keyword of a send may reach in the installed Celery, kombu and amqp."""
    amqp: Any = app.amqp
    functions: list[Callable[..., Any]] = [
        Task.apply_async,
        Celery.send_task,
        amqp.as_task_v2,
        amqp.send_task_message,
        Producer.publish,
    ]
    named = {
        parameter.name
        for function in functions
        for parameter in inspect.signature(function).parameters.values()
        if parameter.kind is not inspect.Parameter.VAR_KEYWORD
    }
    properties: Any = Message
    # Read by name from the rest: in send_task, and by the router.
    return named | {name for name, _ in properties.PROPERTIES} | {"ignore_result", "queue"}


def test_the_options_are_those_of_the_installed_celery(app: Celery) -> None:
    assert taken_by_celery(app) - OURS.keys() - OPTIONS == set()
    assert OPTIONS - taken_by_celery(app) == set()


def test_the_options_of_a_local_run_are_those_of_the_installed_celery() -> None:
    own = set(inspect.signature(Task.apply).parameters) - {"self", "args", "kwargs", "options"}
    assert own <= LOCAL_OPTIONS
    assert own >= LOCAL_OPTIONS - OPTIONS


@pytest.fixture
def app() -> Iterator[Celery]:
    with checkout_of(shop) as app:
        yield app


SENDS: dict[str, Callable[..., object]] = {
    "apply_async": lambda **options: sell.apply_async(("pen",), **options),
    "apply": lambda **options: sell.apply(("pen",), **options),
    "apply_async_on_commit": lambda **options: sell.apply_async_on_commit(("pen",), **options),
    "signature": lambda **options: sell.signature(("pen",), **options),
    "a signature's set": lambda **options: sell.s("pen").set(**options),
    "a signature's apply_async": lambda **options: sell.s("pen").apply_async(**options),
    "a signature's apply": lambda **options: sell.s("pen").apply(**options),
    "an immutable signature's apply_async": lambda **options: sell.si("pen").apply_async(**options),
    "a map's apply_async": lambda **options: sell.map(["pen"]).apply_async(**options),
    "a starmap's set": lambda **options: sell.starmap([("pen",)]).set(**options),
    "chunks' apply_async": lambda **options: sell.chunks([("pen",)], 1).apply_async(**options),
    "a group's apply_async": lambda **options: group([sell.s("pen"), sell.s("cup")]).apply_async(**options),
    "a chain's apply_async": lambda **options: chain(sell.si("a"), sell.si("b")).apply_async(**options),
    "options written by hand": lambda **options: _written(options).apply_async(),
}


def _written(options: dict[str, Any]) -> Any:
    signature = sell.s("pen")
    signature["options"].update(options)
    return signature


@pytest.mark.parametrize("send", SENDS.values(), ids=SENDS)
@pytest.mark.parametrize(
    ("options", "advice"),
    [
        ({"force": True}, r"Did you mean kwargs=\{'force': True\}\?"),
        ({"pin": "1234"}, r"Did you mean kwargs=\{'pin': \*\*\*\}\?"),
        ({"count_down": 3}, r"Did you mean countdown\?"),
        ({"more": 3}, "SendOptions"),
        ({"result_cls": object}, "SendOptions"),
        ({"colour": "red"}, "SendOptions"),
        ({"stamped_headers": ["colour"], "shape": "round"}, "SendOptions"),
    ],
)
def test_an_unknown_option_is_refused_wherever_it_is_said(
    app: Celery, send: Callable[..., object], options: dict[str, Any], advice: str
) -> None:
    with pytest.raises(ArgumentTypeError, match="is not an option of a call") as caught:
        send(**options)
    assert re.search(advice, caught.value.do)
    assert receive(app) is None


def receive(app: Celery) -> Any:
    connection: Any
    with app.connection_for_read() as connection:
        return connection.default_channel.basic_get(shop.queue, no_ack=True)


def test_stamps_are_options_of_any_name(app: Celery) -> None:
    signature = sell.s("pen")
    signature.stamp(colour="red")
    signature.delay()
    assert receive(app).headers["stamps"] == {"colour": "red"}
    sell.apply_async(("pen",), stamped_headers=["colour"], colour="blue")  # type: ignore[call-arg]
    assert receive(app).headers["stamps"] == {"colour": "blue"}


@pytest.mark.parametrize("name", ["queue", "exchange", "routing_key", "serializer", "producer", "headers"])
def test_none_stands_for_the_default(app: Celery, name: Any) -> None:
    nothing: Any = {name: None}
    sell.apply_async(("pen",), **nothing)
    message = receive(app)
    assert message.content_type == "application/json"
    assert message.headers["taskcontract"]["version"] == "1.0.0"
