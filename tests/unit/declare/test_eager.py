# mypy: disable-error-code="empty-body"
"""Calls that run in this process, by `task_always_eager` and by `apply`: as in a worker, wire and all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group
from celery.result import EagerResult as CelerysEagerResult

from taskcontract import Call, Provider, Result, Service
from taskcontract.errors import ArgumentValueError, NotServedHereError, ResultValueError

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass
class Stored:
    url: str
    day: date


class GoneError(Exception):
    """What callers of version 1 know."""


class MissingError(Exception):
    """What the implementation raises."""


@dataclass
class Place:
    """An app with its provider, and what its functions were given."""

    app: Celery
    shop: Service
    store: Any
    store_v2: Any
    count: Any
    loose: Any
    given: list[Any]


@pytest.fixture
def place() -> Place:  # noqa: C901 - a service and its provider, one function each
    shop = Service("shop")
    given: list[Any] = []

    @shop.task(version="1.0.0", errors=(GoneError,))
    def store(key: str, day: date) -> str: ...

    @shop.task(version="2.0.0", supersedes=store)
    def store_v2(key: str, day: date, size: int = 0) -> Stored: ...

    @shop.task(version="1.0.0")
    def count(stored: list[Stored]) -> int: ...

    @shop.task(version="1.0.0", ignore_result=True)
    def loose(value: Any) -> Any: ...

    app = Celery("shop", broker="memory://", backend="disabled://", set_as_current=False)
    app.conf.task_always_eager = True
    provider = Provider(app, shop)
    shop.use(app)

    @provider.implements(store_v2, bind=True, max_retries=3)
    def serve(self: Any, key: str, day: date, size: int = 0) -> Stored:
        given.append((key, day, size, self.name, self.request.is_eager, self.request.retries))
        if key == "gone":
            raise MissingError(key)
        if key == "retry" and self.request.retries < 2:
            raise self.retry(countdown=0)
        return Stored(f"s3://{key}", day)

    @provider.upcasts(store)
    def without_size(key: str, day: date) -> Call[Stored]:
        """It was not known."""
        return store_v2.call(key, day)

    @provider.downcasts(store)
    def url_of(stored: Stored) -> str:
        """The URL alone."""
        return stored.url

    @provider.maps_error(store, MissingError)
    def gone(error: MissingError) -> GoneError:
        """It had one name."""
        return GoneError(str(error))

    @provider.implements(count)
    def serve_count(stored: list[Stored]) -> int:
        given.append(stored)
        return len(stored)

    @provider.implements(loose)
    def serve_loose(value: Any) -> Any:
        given.append(value)
        return (value, value)

    return Place(app, shop, store, store_v2, count, loose, given)


DAY = date(2026, 1, 1)
CALLS: dict[str, tuple[Callable[[Place], Any], object]] = {
    "delay": (lambda p: p.store_v2.delay("a", DAY), Stored("s3://a", DAY)),
    "apply_async": (lambda p: p.store_v2.apply_async(("a", DAY), queue="x"), Stored("s3://a", DAY)),
    "apply": (lambda p: p.store_v2.apply(("a", DAY)), Stored("s3://a", DAY)),
    "an old version": (lambda p: p.store.delay("a", DAY), "s3://a"),
    "a retry": (lambda p: p.store_v2.delay("retry", DAY), Stored("s3://retry", DAY)),
    "an old version's retry": (lambda p: p.store.delay("retry", DAY), "s3://retry"),
    "a signature": (lambda p: p.store_v2.s("a", day=DAY).delay(), Stored("s3://a", DAY)),
    "a signature given the rest": (lambda p: p.store_v2.s(DAY).delay("a"), Stored("s3://a", DAY)),
    "a signature's apply": (lambda p: p.store_v2.s(DAY).apply(("a",)), Stored("s3://a", DAY)),
    "a chain": (lambda p: chain(p.store.s("a", DAY), p.store_v2.s(DAY))(), Stored("s3://s3://a", DAY)),
    "a pipe": (lambda p: (p.store.s("a", DAY) | p.store_v2.s(DAY)).apply(), Stored("s3://s3://a", DAY)),
    "a group": (
        lambda p: group(p.store.s("a", DAY), p.store_v2.s("b", DAY))(),
        ["s3://a", Stored("s3://b", DAY)],
    ),
    "a chord": (lambda p: chord([p.store_v2.s(k, DAY) for k in "ab"], p.count.s())(), 2),
    "map": (lambda p: p.count.map([[], [Stored("u", DAY)]]).delay(), [0, 1]),
    "starmap": (lambda p: p.store_v2.starmap([("a", DAY)]).delay(), [Stored("s3://a", DAY)]),
    "chunks": (
        lambda p: p.store.chunks([(k, DAY) for k in "abc"], 2)(),
        [["s3://a", "s3://b"], ["s3://c"]],
    ),
}


@pytest.mark.parametrize(("send", "expected"), CALLS.values(), ids=CALLS)
def test_the_result_is_the_declared_one(place: Place, send: Callable[[Place], Any], expected: object) -> None:
    assert send(place).get() == expected


def test_arguments_and_results_pass_through_json(place: Place) -> None:
    result = place.loose.apply(({1: (2, 3)},))
    assert place.given == [{"1": [2, 3]}]
    assert CelerysEagerResult.get(result) == [{"1": [2, 3]}] * 2


def test_a_plain_task_of_celery_s_gets_what_a_message_has(place: Place) -> None:
    seen: list[Any] = []

    @place.app.task(name="plain")
    def plain(value: Any) -> Any:
        seen.append(value)
        return value

    as_json = {"url": "s3://a", "day": "2026-01-01"}
    chain(place.store_v2.s("a", DAY), plain.s()).delay()
    chord([place.store_v2.s("a", DAY)], plain.s()).delay()
    place.store_v2.apply_async(("a", DAY), link=plain.s())
    assert seen == [as_json, [as_json], as_json]


def test_the_worker_s_task_is_told_what_it_is(place: Place) -> None:
    place.store.delay("a", DAY)
    assert place.given == [("a", DAY, 0, "shop.store", True, 0)]


@pytest.mark.parametrize(("version", "error"), [("store", GoneError), ("store_v2", MissingError)])
@pytest.mark.parametrize("propagates", [True, False])
def test_errors_come_as_celery_s_settings_say(
    place: Place, version: str, error: type[Exception], propagates: bool
) -> None:
    place.app.conf.task_eager_propagates = propagates
    task = getattr(place, version)
    if propagates:
        with pytest.raises(error, match="gone"):
            task.delay("gone", DAY)
    else:
        result = task.delay("gone", DAY)
        assert (result.state, type(result.result)) == ("FAILURE", error)
        with pytest.raises(error, match="gone"):
            result.get()
    with pytest.raises(error):
        task.apply(("gone", DAY), throw=True)


def test_links_are_run(place: Place) -> None:
    called: list[str] = []

    @place.app.task(name="failed")
    def failed(request: Any, error: Exception, trace: Any) -> None:
        called.append(type(error).__name__)

    place.store.apply_async(("gone", DAY), link_error=failed.s())
    place.store_v2.apply_async(("a", DAY), link=place.loose.s())
    assert called == ["GoneError"]
    assert place.given[-1] == {"url": "s3://a", "day": "2026-01-01"}


def test_an_ignored_result_is_none(place: Place) -> None:
    assert place.loose.delay(1).get() is None
    assert place.store_v2.apply_async(("a", DAY), ignore_result=True).get() is None


def test_a_result_of_another_type_is_refused(place: Place) -> None:
    result = place.store_v2.delay("a", DAY)
    result._result = {"url": 5}
    with pytest.raises(ResultValueError, match="store@2"):
        result.get()


def test_what_a_signature_is_given_later_is_checked(place: Place) -> None:
    for send in (place.store_v2.s(DAY).delay, lambda key: place.store_v2.s(DAY).apply((key,))):
        with pytest.raises(ArgumentValueError, match="'key'"):
            send(5)


@pytest.mark.parametrize(
    "send",
    [
        lambda task: task.delay("a", DAY),
        lambda task: task.apply(("a", DAY)),
        lambda task: task.s("a", DAY).delay(),
        lambda task: task.s("a", DAY)(),
        lambda task: task.map([]).delay(),
        lambda task: chain(task.s("a", DAY), task.s(DAY))(),
    ],
)
def test_what_is_not_served_here_says_so(place: Place, send: Callable[[Any], Any]) -> None:
    place.shop.use(app := Celery("checkout", set_as_current=False))
    app.conf.task_always_eager = True
    with pytest.raises(NotServedHereError, match=r"'checkout' has no task 'shop\.store_v2'") as caught:
        send(place.store_v2)
    assert "task_always_eager" in caught.value.do


def test_a_call_by_a_signature_gives_the_declared_type(place: Place) -> None:
    assert place.store_v2.s("a", DAY)() == Stored("s3://a", DAY)


async def _wait(result: Result[Any]) -> Any:
    return await result.aget()


def test_there_is_nothing_to_wait_for(place: Place) -> None:
    with pytest.raises(StopIteration) as ended:
        _wait(place.store_v2.delay("a", DAY)).send(None)
    assert ended.value.value == Stored("s3://a", DAY)
