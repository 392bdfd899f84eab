"""What each call carries arrives, whatever Celery does with the call; one without it is kept, not run."""

from __future__ import annotations

from copy import deepcopy
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group

from taskcontract.errors import ArgumentTypeError, ArgumentValueError, RefusedArgumentsError
from tests.support.brokers import open_room
from tests.support.carrying_shop import (
    CARRIED,
    account,
    collect,
    headed,
    look,
    look_v2,
    pass_on,
    schema,
    shop,
    tenant,
    trace,
    where,
)
from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract import Carried

pytestmark = pytest.mark.live

FILLS: list[tuple[Carried[Any], Any]] = [(tenant, "acme"), (schema, "acme_db"), (account, 7)]


@pytest.fixture(scope="module", params=["embedded-threads", "redis-prefork"])
def worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    broker, pool = request.param.split("-")
    with open_room(broker) as room:
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        app.conf.task_default_queue = room.name
        with run_celery_worker(
            "tests.support.carrying_shop",
            tmp_path_factory.mktemp("worker"),
            room.name,
            *("-P", pool, "-c", "2"),
            environment={**room.environment, "ROOM": room.name},
        ):
            shop.use(app, consumer="live-tests")
            headed.use(app, consumer="live-tests")
            yield app
        shop.app = headed.app = None
        close_app(app)


@pytest.fixture
def filled() -> Iterator[None]:
    for carried, value in FILLS:
        carried.fill(partial(deepcopy, value))
    yield
    for carried in (tenant, schema, account, trace):
        carried._fill = None


CALLS: dict[str, tuple[Callable[[], Any], object]] = {
    "delay": (lambda: look_v2.delay("", 0), CARRIED),
    "apply_async": (lambda: look_v2.apply_async(("", 0), headers={"other": "1"}), CARRIED),
    "a retry": (lambda: look_v2.delay("", 2), CARRIED),
    "a retry with arguments": (lambda: look_v2.delay("named", 2), CARRIED),
    "an old version": (lambda: look.delay(""), CARRIED),
    "a signature": (lambda: look_v2.s("", 0).delay(), CARRIED),
    "a signature with more headers": (lambda: look_v2.s("", 0).set(headers={"other": "1"}).delay(), CARRIED),
    "a signature without its options": (lambda: look_v2.s("", 0).replace(options={}).delay(), CARRIED),
    "a chain": (
        lambda: chain(look_v2.si("", 0), collect.si([]), collect.s())(),
        [CARRIED] * 2,
    ),
    "a chord": (lambda: chord([look_v2.s("", 0), look.s("")], collect.s(), app=shop.app)(), [CARRIED] * 3),
    "a group": (lambda: group(look_v2.s("", n) for n in (0, 1))(), [CARRIED] * 2),
    "a call by a worker": (lambda: pass_on.delay(CARRIED), [CARRIED] * 2),
}


@pytest.mark.parametrize(("send", "expected"), CALLS.values(), ids=CALLS)
def test_what_is_carried_arrives(
    worker: Celery, filled: None, send: Callable[[], Any], expected: object
) -> None:
    assert send().get(timeout=20) == expected


def test_it_is_what_it_was_when_a_signature_was_made(worker: Celery, filled: None) -> None:
    made = look_v2.s("", 0)
    tenant.fill(lambda: "other")
    assert made.delay().get(timeout=20)["tenant"] == "acme"
    assert look_v2.delay("", 0).get(timeout=20)["tenant"] == "other"


def test_a_header_of_the_call_itself_wins(worker: Celery, filled: None) -> None:
    trace.fill(lambda: "t")
    assert look_v2.apply_async(("", 0), headers={"_schema_name": "x"}).get(timeout=20) == {
        **CARRIED,
        "schema": "x",
        "trace": "t",
    }


@pytest.mark.parametrize(
    ("kwargs", "headers", "said"),
    [
        ({"_account": 7}, {"_schema_name": "a"}, r"'tenant' \(in the header 'taskcontract'\)"),
        ({"_account": 7}, {"taskcontract": {"carried": {"tenant": "a"}}}, r"'schema'"),
        ({}, {"_schema_name": "a", "taskcontract": {"carried": {"tenant": "a"}}}, "'_account'"),
        (
            {"_account": "7"},
            {"_schema_name": "a", "taskcontract": {"carried": {"tenant": "a"}}},
            "'account', which each call carries, is not int; got '7'",
        ),
        ({"_account": 7}, {"_schema_name": 5, "taskcontract": {"carried": {"tenant": "a"}}}, "got 5"),
        ({"_account": 7}, {"_schema_name": "a", "taskcontract": {"carried": "a"}}, "'tenant'"),
    ],
)
def test_a_call_without_it_is_refused_and_kept(
    worker: Celery, kwargs: dict[str, Any], headers: dict[str, Any], said: str
) -> None:
    result = worker.send_task("shop.look_v2", ("", 0), kwargs, headers=headers)
    with pytest.raises(RefusedArgumentsError, match=said):
        result.get(timeout=20)


SENDS: dict[str, Callable[[], Any]] = {
    "delay": lambda: look_v2.delay("", 0),
    "apply_async": lambda: look_v2.apply_async(("", 0)),
    "s": lambda: look_v2.s(""),
    "si": lambda: look_v2.si("", 0),
    "signature": lambda: look_v2.signature(("", 0)),
    "apply_async_on_commit": lambda: look_v2.apply_async_on_commit(("", 0)),
    "apply": lambda: look_v2.apply(("", 0)),
}


@pytest.mark.parametrize("send", SENDS.values(), ids=SENDS)
@pytest.mark.parametrize("carried", [tenant, schema, account], ids=lambda carried: carried.place)
def test_no_call_leaves_without_it(filled: None, carried: Carried[Any], send: Callable[[], Any]) -> None:
    carried._fill = None
    with pytest.raises(ArgumentTypeError, match=f"each call carries '{carried.name}'") as caught:
        send()
    assert f"@{carried.name}.fill" in caught.value.do
    carried.fill(lambda: ["wrong"])
    with pytest.raises(ArgumentValueError, match=f"'{carried.name}', which each call carries"):
        send()


@pytest.mark.parametrize(
    "send",
    [
        lambda: collect.map([[]]),
        lambda: look_v2.starmap([("", 0)]),
        lambda: look_v2.chunks([("", 0)], 1),
    ],
)
def test_what_would_drop_a_keyword_is_refused(filled: None, send: Callable[[], Any]) -> None:
    with pytest.raises(ArgumentTypeError, match="'_account', which Celery's map would drop"):
        send()


def test_many_calls_in_a_message_carry_in_its_headers(worker: Celery, filled: None) -> None:
    assert where.starmap([("a",), ("b",)]).delay().get(timeout=20) == ["a of acme", "b of acme"]
    assert where.map(["a"]).delay().get(timeout=20) == ["a of acme"]
    assert where.chunks([("a",), ("b",)], 1)().get(timeout=20) == [["a of acme"], ["b of acme"]]
