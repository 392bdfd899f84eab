from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from kombu.asynchronous import Hub

from taskcontract.verification.worker.gate import HELD, Gate

if TYPE_CHECKING:
    from collections.abc import Iterator


class Message(SimpleNamespace):
    def ack(self) -> None:
        self.acknowledged = True


def make_message(task_id: str, **headers: object) -> Any:
    return Message(headers={"id": task_id, **headers}, acknowledged=False)


@pytest.fixture
def consumer() -> Iterator[Any]:
    """What the gate knows of a consumer, with a real event loop, and a handler that notes what it gets."""
    handled: list[str] = []

    def create_task_handler() -> Any:
        return lambda message: handled.append(message.headers["id"])

    hub = Hub()
    yield SimpleNamespace(
        hub=hub, initial_prefetch_count=16, create_task_handler=create_task_handler, handled=handled
    )
    hub.close()


def turn(hub: Hub) -> None:
    hub.timer.call_after(0.01, lambda: None)
    loop = hub.create_loop()
    for _ in range(3):
        next(loop)


@pytest.mark.parametrize(
    ("prefetched", "concurrency", "capacity"),
    [
        pytest.param(16, 4, 4, id="room enough"),
        pytest.param(6, 4, 2, id="some room"),
        pytest.param(4, 4, 0, id="each that is fetched may run"),
        pytest.param(2, 4, 0, id="fewer are fetched than may run"),
        pytest.param(0, 4, 4, id="no limit"),
    ],
)
def test_a_pool_full_of_others_is_always_fetched(
    prefetched: int, concurrency: int, capacity: int, consumer: Any
) -> None:
    consumer.initial_prefetch_count = prefetched
    assert Gate(consumer, concurrency).capacity == capacity


def test_nothing_is_held_without_an_event_loop(consumer: Any) -> None:
    consumer.hub = None
    make = consumer.create_task_handler
    assert Gate(consumer, 4).capacity == 0
    assert consumer.create_task_handler is make


def test_what_is_held_waits_for_its_word(consumer: Any) -> None:
    gate = Gate(consumer, 4)
    handle = consumer.create_task_handler()
    held, other, dropped = (
        make_message("held", **{HELD: True}),
        make_message("other"),
        make_message("dropped", **{HELD: True}),
    )
    for message in (held, other, dropped):
        handle(message)
    turn(consumer.hub)
    assert consumer.handled == ["other"]
    gate.decide("held", run=True)
    gate.decide("dropped", run=False)
    turn(consumer.hub)
    assert consumer.handled == ["other", "held"]
    assert [each.acknowledged for each in (held, other, dropped)] == [False, False, True]
    assert HELD not in held.headers


def test_the_word_may_come_first(consumer: Any) -> None:
    gate = Gate(consumer, 4)
    handle = consumer.create_task_handler()
    gate.decide("early", run=True)
    turn(consumer.hub)
    handle(make_message("early", **{HELD: True}))
    assert consumer.handled == ["early"]


def test_a_new_connection_delivers_again(consumer: Any) -> None:
    gate = Gate(consumer, 4)
    consumer.create_task_handler()(make_message("held", **{HELD: True}))
    handle = consumer.create_task_handler()
    gate.decide("held", run=True)
    turn(consumer.hub)
    assert consumer.handled == []
    handle(make_message("held", **{HELD: True}))
    assert consumer.handled == ["held"]


def test_headers_of_another_form_are_passed_on(consumer: Any) -> None:
    seen: list[Any] = []
    consumer.create_task_handler = lambda: seen.append
    Gate(consumer, 4)
    message = SimpleNamespace(headers=None)
    consumer.create_task_handler()(message)
    assert seen == [message]
