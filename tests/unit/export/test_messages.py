# mypy: disable-error-code="empty-body"
"""Messages as Celery and kombu put them on the embedded broker, against what is exported of their tasks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema_rs
import pytest
from celery import Celery, chain, chord, group

from taskcontract import Carried, Service
from taskcontract.errors import ArgumentTypeError, ArgumentValueError
from taskcontract.export.asyncapi import write_asyncapi
from taskcontract.export.json_schema import write_task_schema
from taskcontract.model.checks import CHECKS
from tests.support.asyncapi import accepts, find_faults
from tests.support.closing import close_app
from tests.unit.declare.wire.catalogue import CATALOGUE
from tests.unit.declare.wire.pool import POOL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

QUEUE = "exported-types"
EMBED = {"callbacks": None, "errbacks": None, "chain": None, "chord": None}
types = Service("types", queue=QUEUE)
TASKS: dict[str, Any] = {}


def declare(at: int, annotation: Any) -> Any:
    """A task that takes and returns one value of a type."""

    def take(value, *, times=1): ...

    take.__name__ = f"take_{at}"
    take.__annotations__ = {"value": annotation, "times": int, "return": annotation}
    return types.task(version="1.0.0")(take)


for at, (name, (annotation, _)) in enumerate(CATALOGUE.items()):
    TASKS[name] = declare(at, annotation)

SPEC = types.spec()
DOCUMENT = write_asyncapi(SPEC)


class Message(NamedTuple):
    body: Any
    headers: dict[str, Any]


@pytest.fixture(scope="module")
def caller(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    folder = tmp_path_factory.mktemp("exported")
    app = Celery("caller", broker=f"embedded://{folder}/broker", backend="disabled://", set_as_current=False)
    yield app
    close_app(app)


def take_all(app: Celery, queue: str = QUEUE) -> list[Message]:
    """Every message that waits, with its body as kombu reads it."""
    found = []
    with app.connection_for_read() as connection:
        channel: Any = connection.default_channel
        while (message := channel.basic_get(queue, no_ack=True)) is not None:
            assert message.content_type == "application/json"
            found.append(Message(json.loads(message.body), message.headers))
    return found


def make_takers(name: str) -> list[Callable[[Any], bool]]:
    task = SPEC.find(TASKS[name].wire_name)
    assert task is not None
    document = write_task_schema(SPEC, task)
    jsonschema_rs.meta.validate(document)
    validator = jsonschema_rs.Draft202012Validator(document)
    return [validator.is_valid, accepts(DOCUMENT, task.wire_name)]


def test_the_document_of_all_types_is_asyncapi() -> None:
    assert find_faults(DOCUMENT) == []


def test_each_message_of_each_type_is_a_payload(caller: Celery) -> None:
    types.use(caller, consumer="service-a")
    try:
        for name, (_, values) in CATALOGUE.items():
            for value in values:
                TASKS[name].delay(value)
                TASKS[name].apply_async(kwargs={"value": value, "times": 2}, countdown=5, expires=60)
    finally:
        types.app = None
    messages = take_all(caller)
    assert len(messages) == 2 * sum(len(values) for _, values in CATALOGUE.values()) > 300
    takers = {TASKS[name].wire_name: make_takers(name) for name in CATALOGUE}
    of_headers = {name: accepts(DOCUMENT, name, "headers") for name in takers}
    for body, headers in messages:
        assert all(takes(body) for takes in takers[headers["task"]]), body
        assert of_headers[headers["task"]](headers)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_value_is_refused_exactly_where_the_worker_refuses_it(name: str) -> None:
    def takes(value: Any) -> bool:
        try:
            TASKS[name].binder.decode_call([value], {})
        except (ArgumentTypeError, ArgumentValueError):
            return False
        return True

    by_schema, by_asyncapi = make_takers(name)
    disagree = [
        value
        for value in POOL
        if {takes(value)} != {each([[value], {}, EMBED]) for each in (by_schema, by_asyncapi)}
    ]
    if CHECKS in json.dumps(TASKS[name].service.spec().find(TASKS[name].wire_name).parameters[0].schema):
        # Code may refuse more than the schema shows, never less.
        disagree = [value for value in disagree if takes(value)]
    assert disagree == []


tenant = Carried("tenant", str)
actor = Carried("actor", int, header="X-Actor")
region = Carried("region", str, keyword="_region", required=False)
cargo = Service("cargo", queue="exported-cargo", carries=(tenant, actor, region))


@dataclass
class Crate:
    weight: float


@cargo.task(version="1.2.0", aliases=("old.ship",))
def ship(crate: Crate, *to: str) -> Crate: ...


@cargo.task(version="1.0.0")
def note(text: str) -> None: ...


def test_links_and_what_calls_carry_are_where_the_document_says(caller: Celery) -> None:
    tenant.fill(lambda: "acme")
    actor.fill(lambda: 5)
    region.fill(lambda: "eu")
    cargo.use(caller, consumer="service-b")
    try:
        ship.apply_async((Crate(1.5), "a", "b"), link=note.si("sent"), link_error=note.si("lost"))
        chain(ship.s(Crate(2), "a"), note.si("then")).apply_async()
        group(note.s("one"), note.s("two")).apply_async()
        chord([note.si("first")], note.si("last")).apply_async()
    except NotImplementedError:  # a chord needs a result store
        pass
    finally:
        cargo.app = None
    document = write_asyncapi(cargo.spec())
    assert find_faults(document) == []
    messages = take_all(caller, "exported-cargo")
    assert [each.headers["task"] for each in messages[:4]] == [
        ship.wire_name,
        ship.wire_name,
        note.wire_name,
        note.wire_name,
    ]
    assert messages[0].body[2]["callbacks"]
    assert messages[1].body[2]["chain"]
    for body, headers in messages:
        takes_body, takes_headers = (
            accepts(document, headers["task"], part) for part in ("payload", "headers")
        )
        assert takes_body(body)
        assert takes_headers(headers)
        assert takes_headers({**headers, "task": "old.ship"}) is (headers["task"] == ship.wire_name)
        for lacking in ("task", "id", "X-Actor", "taskcontract"):
            assert not takes_headers({name: value for name, value in headers.items() if name != lacking})
        assert not takes_headers({**headers, "taskcontract": {**headers["taskcontract"], "carried": {}}})
        assert not takes_headers({**headers, "X-Actor": "five"})
        assert not takes_body([body[0], {**body[1], "_region": 7}, body[2]])
