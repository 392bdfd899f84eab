"""What callers get back from a worker: the declared types, from every canvas, and in an event loop."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group
from celery.backends.rpc import RPCBackend
from celery.exceptions import TimeoutError as CeleryTimeoutError

from tests.support.adapted_shop import NotDoneError, Sum, add, add_v2, shop, total, work
from tests.support.brokers import open_room
from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.live


@pytest.fixture(scope="module", params=["embedded-threads", "redis-prefork", "rabbitmq-prefork"])
def app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Celery]:
    """A caller's app beside a worker of the adapted shop; on RabbitMQ, results come as messages too."""
    broker, pool = request.param.split("-")
    with open_room(broker) as room:
        backend = "rpc://" if broker == "rabbitmq" else room.backend
        app = Celery("caller", broker=room.broker, backend=backend, set_as_current=False)
        app.conf.task_default_queue = room.name
        with run_celery_worker(
            "tests.support.adapted_shop",
            tmp_path_factory.mktemp("worker"),
            room.name,
            *("-P", pool, "-c", "2"),
            environment={**room.environment, "CELERY_RESULT_BACKEND": backend, "ROOM": room.name},
        ):
            shop.use(app, consumer="live-tests")
            yield app
        shop.app = None
        close_app(app)


def summed(value: int) -> Sum:
    return Sum(value, ["v2", "v3", "v2"])


CANVASES: dict[str, tuple[Callable[[], Any], object]] = {
    "a signature": (lambda: add_v2.s(1, 2, steps=[]).delay(), summed(3)),
    "a chain": (lambda: chain(add.s(1, 2), add_v2.s(10, steps=[]))(), summed(13)),
    "a group": (lambda: group(add_v2.s(1, n, steps=[]) for n in (1, 2))(), [summed(2), summed(3)]),
    "a group of both": (lambda: group(add.s(1, 1), add_v2.s(1, 2, steps=[]))(), [2, summed(3)]),
    "starmap": (lambda: add.starmap([(1, 2), (3, 4)]).delay(), [3, 7]),
    "map": (lambda: total.map([[1, 2], [3]]).delay(), [3, 3]),
    "chunks": (lambda: add.chunks([(1, 2), (3, 4), (5, 6)], 2)(), [[3, 7], [11]]),
}


@pytest.mark.parametrize(("send", "expected"), CANVASES.values(), ids=CANVASES)
def test_a_canvas_gives_what_its_types_say(app: Celery, send: Callable[[], Any], expected: object) -> None:
    assert send().get(timeout=20) == expected


def test_a_chord_gives_its_body_s_type(app: Celery) -> None:
    if isinstance(app.backend, RPCBackend):
        pytest.skip("RPC results know no chords")
    result = chord([add.s(1, 2), add.s(3, 4)], add_v2.si(1, 2, steps=[]), app=app)()
    assert result.get(timeout=20) == summed(3)


def test_an_event_loop_waits_for_many_without_a_thread_for_each(app: Celery) -> None:
    assert add.delay(1, 2).get(timeout=20) == 3  # who waited before has a consumer, on RabbitMQ

    async def wait() -> list[Sum]:
        results = [add_v2.delay(1, n, steps=[]) for n in range(20)]
        return await asyncio.gather(*(result.aget(timeout=20) for result in results))

    assert asyncio.run(wait()) == [summed(n + 1) for n in range(20)]


def test_an_event_loop_is_told_of_errors_and_time(app: Celery) -> None:
    async def wait() -> None:
        with pytest.raises(NotDoneError):
            await work.delay("fail", "x").aget(timeout=20)
        failed = chain(work.s("fail", "x"), add.s(1))()
        with pytest.raises(NotDoneError):
            await failed.aget(timeout=20)
        error = await work.delay("fail", "x").aget(timeout=20, propagate=False)
        assert isinstance(error, NotDoneError)
        lost = add.apply_async((1, 2), queue=f"{app.conf.task_default_queue}.nobody")
        with pytest.raises(CeleryTimeoutError):
            await lost.aget(timeout=0.05)
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(lost.aget(), 0.05)

    before = threading.active_count()
    asyncio.run(wait())
    assert threading.active_count() <= before
