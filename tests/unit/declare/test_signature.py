# mypy: disable-error-code="empty-body"
"""Signatures of declared tasks: typed results from every canvas, and on the wire what Celery's own are."""

from __future__ import annotations

import copy
import json
import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group, signature
from celery.canvas import Signature
from celery.contrib.django.task import DjangoTask
from kombu.utils.json import dumps

from taskcontract import Result, Service, Task
from taskcontract.declare.signature import TaskSignature
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ResultValueError
from tests.support.checkout import checkout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass
class Stored:
    url: str


shop = Service("shop", queue="shop-of-signatures")


@shop.task(version="1.0.0")
def store(key: str, size: int = 0) -> Stored: ...


@shop.task(version="1.0.0")
def move(stored: Stored, to: str) -> Stored: ...


@shop.task(version="1.0.0")
def total(values: list[Stored]) -> int: ...


@pytest.fixture
def app() -> Iterator[Celery]:
    with checkout_of(shop) as app:
        yield app


def finish(result: Any, value: object) -> None:
    result.backend.store_result(result.id, value, "SUCCESS")


def read_body(app: Celery) -> tuple[Any, Any]:
    """The arguments of the next message in the service's queue."""
    connection: Any
    with app.connection_for_read() as connection:
        args, kwargs, _ = connection.default_channel.basic_get(shop.queue, no_ack=True).decode()
        return args, kwargs


URL = {"url": "u"}


def untyped(value: Any) -> Any:
    """What Celery's types do not know of."""
    return value


CANVASES: dict[str, tuple[Callable[[Celery], Any], object, object]] = {
    "delay": (lambda app: store.s("a").delay(), URL, Stored("u")),
    "apply_async": (lambda app: store.si("a").apply_async(countdown=1), URL, Stored("u")),
    "signature": (lambda app: store.signature(("a",), {"size": 1}, priority=3).delay(), URL, Stored("u")),
    "subtask": (lambda app: store.subtask(("a",), immutable=True).delay(), URL, Stored("u")),
    "set": (lambda app: store.s("a").set(countdown=1).delay(), URL, Stored("u")),
    "clone": (lambda app: store.s(size=1).clone(("a",)).delay(), URL, Stored("u")),
    "replace": (lambda app: store.s("b").replace(args=("a",)).delay(), URL, Stored("u")),
    "on_error": (lambda app: store.s("a").on_error(store.si("a")).delay(), URL, Stored("u")),
    "freeze": (lambda app: store.s("a").freeze("id"), URL, Stored("u")),
    "a result by its id": (lambda app: store.AsyncResult("id"), URL, Stored("u")),
    "a signature's result by its id": (lambda app: untyped(store.s("a")).AsyncResult("id"), URL, Stored("u")),
    "a chain": (lambda app: chain(store.s("a"), move.s("b"))(), URL, Stored("u")),
    "a chain of one": (lambda app: chain(store.s("a"))(), URL, Stored("u")),
    "a pipe": (lambda app: (untyped(store.s("a")) | move.s("b") | move.s("c")).delay(), URL, Stored("u")),
    "a chain's parent": (lambda app: chain(store.s("a"), move.s("b"))().parent, URL, Stored("u")),
    "a chord's body": (lambda app: chord([store.s("a")], total.s())(), 3, 3),
    "a chord's chain": (lambda app: (group([store.s("a")] * 2) | total.s()).delay(), 3, 3),
    "map": (lambda app: store.map(["a", "b"]).delay(), [URL, URL], [Stored("u")] * 2),
    "starmap": (lambda app: store.starmap([("a", 1)]).apply_async(), [URL], [Stored("u")]),
    "starmap in a chain": (
        lambda app: chain(store.si("a"), store.starmap([("a", 1)]))(),
        [URL],
        [Stored("u")],
    ),
}


@pytest.mark.parametrize(("send", "value", "expected"), CANVASES.values(), ids=CANVASES)
def test_every_canvas_gives_the_declared_type(
    app: Celery, send: Callable[[Celery], Any], value: object, expected: object
) -> None:
    result = send(app)
    finish(result, value)
    assert isinstance(result, Result)
    assert result.get(timeout=1) == result.result == result.info == result.wait(timeout=1) == expected
    assert copy.copy(result).get(timeout=1) == expected


GROUPS: dict[str, tuple[Callable[[Celery], Any], list[object], object]] = {
    "a group": (lambda app: group(store.s("a"), store.s("b"))(), [URL, URL], [Stored("u")] * 2),
    "a generator": (lambda app: group(store.s(k) for k in "ab")(), [URL, URL], [Stored("u")] * 2),
    "given the first": (lambda app: group([store.s(1), store.s(2)])("a"), [URL, URL], [Stored("u")] * 2),
    "chunks": (
        lambda app: store.chunks([("a", 1), ("b", 2), ("c", 3)], 2)(),
        [[URL, URL], [URL]],
        [[Stored("u")] * 2, [Stored("u")]],
    ),
    "a chord's header": (
        lambda app: chord([store.s("a")] * 2, total.s())().parent,
        [URL, URL],
        [Stored("u")] * 2,
    ),
}


@pytest.mark.parametrize(("send", "values", "expected"), GROUPS.values(), ids=GROUPS)
def test_every_group_gives_the_declared_types(
    app: Celery, send: Callable[[Celery], Any], values: list[object], expected: object
) -> None:
    results = send(app)
    for result, value in zip(results, values, strict=True):
        finish(result, value)
    assert results.get(timeout=5) == results.join(timeout=5) == expected


def test_a_list_of_results_is_checked(app: Celery) -> None:
    for value in ([URL, {"url": 5}], URL):
        result = store.map(["a", "b"]).delay()
        finish(result, value)
        with pytest.raises(ResultValueError):
            result.get(timeout=1)


TRAVELS: dict[str, Callable[[Any], Any]] = {
    "json": lambda sig: Signature.from_dict(json.loads(dumps(sig))),
    "dict": lambda sig: signature(dict(sig)),
    "pickle": lambda sig: pickle.loads(pickle.dumps(sig)),
    "copy": copy.copy,
    "deepcopy": lambda sig: signature(copy.deepcopy(sig)),
}


@pytest.mark.parametrize("travel", TRAVELS.values(), ids=TRAVELS)
@pytest.mark.parametrize(
    "make",
    [
        lambda: store.s("a"),
        lambda: store.si("a"),
        lambda: store.map(["a"]),
        lambda: store.starmap([("a", 1)]),
        lambda: chain(store.s("a"), move.s("b")),
    ],
)
def test_what_has_travelled_is_celery_s_own(
    app: Celery, make: Callable[[], Any], travel: Callable[[Any], Any]
) -> None:
    made = make()
    travelled = travel(made)
    assert not isinstance(travelled, TaskSignature)
    assert json.loads(dumps(travelled)) == json.loads(dumps(made))


@pytest.mark.parametrize(
    ("make", "error", "said"),
    [
        (lambda: store.s().delay(), ArgumentTypeError, "missing"),
        (lambda: store.s("a", 1).delay("b"), ArgumentTypeError, "takes from 1 to 2"),
        (lambda: store.s(1).delay(5), ArgumentValueError, "'key'"),
        (lambda: store.s(1).apply_async(kwargs={"key": 5}), ArgumentValueError, "'key'"),
        (lambda: move.s("b").delay({"link": 5}), ArgumentValueError, "'stored'"),
        (lambda: group(store.s(1), store.s(2))(5), ArgumentValueError, "'key'"),
        (lambda: chain(store.s(), move.s("b"))(), ArgumentTypeError, "missing"),
        (lambda: store.map(["a", 5]), ArgumentValueError, "'key'"),
        (lambda: store.starmap([("a", "b")]), ArgumentValueError, "'size'"),
        (lambda: store.chunks([("a", 1), ()], 2), ArgumentTypeError, "missing"),
        (lambda: store("a"), ArgumentTypeError, r"store\.delay"),  # type: ignore[operator]
    ],
)
def test_each_call_is_checked_before_it_leaves(
    app: Celery, make: Callable[[], object], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        make()
    connection: Any
    with app.connection_for_read() as connection:
        assert connection.default_channel.basic_get(shop.queue) is None


def test_arguments_that_come_later_are_encoded(app: Celery) -> None:
    move.s("b").delay(Stored("u"))
    assert read_body(app) == ([URL, "b"], {})
    move.s("b").delay(URL)
    assert read_body(app) == ([URL, "b"], {})
    move.s(to="b").apply_async(kwargs={"stored": Stored("u")})
    assert read_body(app) == ([], {"stored": URL, "to": "b"})
    chain(move.s("b"), move.s("c"))(Stored("u"))
    assert read_body(app) == ([URL, "b"], {})


@pytest.mark.parametrize(
    "change",
    [
        lambda sig: sig.set(headers={"trace": "7", "taskcontract": {}}),
        lambda sig: sig.clone(headers={"trace": "7"}),
        lambda sig: sig.replace(options={"headers": {"trace": "7"}, "queue": shop.queue}),
    ],
)
def test_further_headers_never_drop_ours(app: Celery, change: Callable[[Any], Any]) -> None:
    change(store.s("a")).apply_async(headers={"span": "8"})
    connection: Any
    with app.connection_for_read() as connection:
        headers = connection.default_channel.basic_get(shop.queue, no_ack=True).headers
    assert (headers["trace"], headers["span"]) == ("7", "8")
    assert headers["taskcontract"] == {"version": "1.0.0", "consumer": "checkout"}


FOR_THE_WORKER = """
    Request Strategy add_around add_to_chord add_trail after_return annotate backend before_start bind
    from_config max_retries on_bound on_failure on_replace on_retry on_success pop_request push_request
    rate_limit replace request request_stack reject_on_worker_lost resultrepr_maxsize retry run send_event
    send_events shadow_name signature_from_request start_strategy store_eager_result
    store_errors_even_if_ignored subtask_from_request throws track_started trail update_state
    default_retry_delay retry_on_worker_lost acks_late acks_on_failure acks_on_failure_or_timeout
    acks_on_timeout abstract MaxRetriesExceededError OperationalError
"""
AMONG_THE_OPTIONS = "ignore_result time_limit soft_time_limit expires priority"
NOT_OFFERED = {
    **dict.fromkeys(FOR_THE_WORKER.split(), "is for the worker, where the provider's Celery task has it"),
    **dict.fromkeys(AMONG_THE_OPTIONS.split(), "is among the options of the binding"),
    "app": "is the service's: service.use(app)",
    "typing": "is what bindings are for",
}


def test_what_callers_use_of_celery_s_task_is_offered_or_left_out_for_a_reason() -> None:
    celery_s = {name for name in dir(DjangoTask) if not name.startswith("_")}
    ours = set(dir(Task)) | set(vars(store))
    assert celery_s - ours - NOT_OFFERED.keys() == set()
    assert NOT_OFFERED.keys() & ours == set()
