# mypy: disable-error-code="empty-body"
"""Both forms of a call, pasted, send one message: to the same queue, with what the calls carry."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from kombu.serialization import loads

from taskcontract import Carried, Service
from taskcontract.declare.header import HEADER
from taskcontract.diff import find_changes
from taskcontract.reporting.witness import show_call, show_message

if TYPE_CHECKING:
    from collections.abc import Iterator

CARRIED: dict[str, tuple[Carried[Any], ...]] = {
    "nothing": (),
    "in our header": (Carried("tenant", str),),
    "in a header": (Carried("tenant", str, header="X-Tenant"),),
    "in a keyword": (Carried("tenant", int, keyword="_tenant"),),
    "what is optional": (Carried("tenant", str, required=False),),
    "everywhere": (Carried("a", str), Carried("b", int, header="X-B"), Carried("c", bool, keyword="_c")),
}
KINDS = [
    (queue, serializer, carried)
    for queue in (None, "stock")
    for serializer in ("json", "yaml")
    for carried in CARRIED
]
NUMBERS = count()


@pytest.fixture
def app() -> Iterator[Celery]:
    name = f"pasted{next(NUMBERS)}"
    app = Celery(name, broker="memory://", set_as_current=False)
    app.control.purge()  # one process has one set of queues in memory, whoever sends to them
    yield app
    app.close()


def make_service(kind: type, queue: str | None, serializer: str, carried: tuple[Carried[Any], ...]) -> Any:
    service = Service("stock", queue=queue, serializer=serializer, carries=carried)

    def reserve(item): ...

    reserve.__annotations__ = {"item": kind, "return": None}
    return service, service.task(version="1.0.0")(reserve)


def take(app: Celery, queue: str) -> dict[str, Any]:
    connection: Any
    with app.connection_for_read() as connection:
        message = connection.default_channel.basic_get(queue, no_ack=True)
    assert message is not None
    ours = message.headers.get(HEADER) or {}
    named = {name: value for name, value in message.headers.items() if name.startswith("X-")}
    return {
        "task": message.headers["task"],
        "call": loads(message.body, message.content_type, message.content_encoding, force=True)[:2],
        "form": message.content_type,
        "named": named,
        "carried": ours.get("carried"),
    }


@pytest.mark.parametrize(("queue", "serializer", "carried"), KINDS)
def test_the_typed_call_and_the_message_are_one(
    app: Celery, queue: str | None, serializer: str, carried: str
) -> None:
    old, reserve = make_service(str, queue, serializer, CARRIED[carried])
    new, _ = make_service(int, queue, serializer, CARRIED[carried])
    (finding,) = [found for found in find_changes(old.spec(), new.spec()) if found.witness]
    samples = {each.name: each.schema for each in old.spec().carries if each.required}
    for each in CARRIED[carried]:
        if each.name in samples:
            value: Any = {str: each.name, int: 1, bool: True}[each.annotation]
            each.fill(partial(deepcopy, value))
    old.use(app)

    listening = queue or app.conf.task_default_queue
    eval(show_call(finding), {"reserve": reserve})
    typed = take(app, listening)
    eval(show_message(finding), {"app": app})
    assert take(app, listening) == typed
