"""A message is acknowledged only when the quarantine has it, however often that takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from amqp.exceptions import MessageNacked

from taskcontract.errors import BrokerError, UnknownTaskError
from taskcontract.provider.safety_net import consumer as consumer_module
from taskcontract.provider.safety_net.consumer import LONGEST_WAIT, SafeConsumer


class Timer:
    """Keeps what is to be called later."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Any, tuple[Any, ...]]] = []

    def call_after(self, seconds: float, function: Any, args: tuple[Any, ...]) -> None:
        self.waiting.append((seconds, function, args))

    def run_next(self) -> float:
        seconds, function, args = self.waiting.pop(0)
        function(*args)
        return seconds


class Shelf:
    """A quarantine that refuses a number of times before it keeps."""

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.notes: list[Any] = []

    def keep(self, message: Any, note: Any) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.notes.append(note)


class UnreachableError(Exception):
    """What a result store might raise."""


def make_consumer(shelf: Shelf | None) -> Any:
    consumer: Any = SafeConsumer.__new__(SafeConsumer)
    consumer.app = None
    consumer.hostname = "worker@host"
    consumer.timer = Timer()
    consumer._quarantine = shelf
    consumer._connection_errors = ()
    consumer.task_consumer = SimpleNamespace(_active_tags={}, queues=[])
    return consumer


@pytest.fixture
def message() -> Any:
    acknowledged: list[bool] = []
    return SimpleNamespace(
        headers={"task": "shop.sell", "id": "1"},
        delivery_info={"routing_key": "shop", "exchange": ""},
        acknowledged=acknowledged,
        ack_log_error=lambda *_: acknowledged.append(True),
    )


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    told: list[Any] = []
    monkeypatch.setattr(consumer_module, "tell", lambda app, message, error: told.append(error))
    return told


ERROR = UnknownTaskError("no worker code")


def test_a_full_or_absent_quarantine_is_tried_again_and_nothing_acknowledged(
    message: Any, told: list[Any]
) -> None:
    shelf = Shelf(MessageNacked("full"), BrokerError("away"), OSError("reset"))
    consumer = make_consumer(shelf)
    consumer._keep(message, ERROR)
    waits = []
    while consumer.timer.waiting and len(waits) < 10:
        assert (message.acknowledged, told, shelf.notes) == ([], [], [])
        waits.append(consumer.timer.run_next())
    assert waits == [1, 2, 4]
    assert (message.acknowledged, told) == ([True], [ERROR])
    assert [(note.reason, note.queue, note.worker) for note in shelf.notes] == [
        ("unknown-task", "shop", "worker@host")
    ]


def test_the_waits_are_bounded(message: Any, told: list[Any]) -> None:
    consumer = make_consumer(Shelf(*[BrokerError("away")] * 12))
    consumer._keep(message, ERROR)
    waits = [consumer.timer.run_next() for _ in range(12)]
    assert max(waits) == LONGEST_WAIT
    assert message.acknowledged == [True]


def test_a_message_that_is_kept_is_acknowledged_even_if_nobody_can_be_told(
    message: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise UnreachableError

    monkeypatch.setattr(consumer_module, "tell", fail)
    shelf = Shelf()
    make_consumer(shelf)._keep(message, ERROR)
    assert len(shelf.notes) == 1
    assert message.acknowledged == [True]


def test_without_a_quarantine_the_caller_is_told_all_the_same(message: Any, told: list[Any]) -> None:
    make_consumer(None)._keep(message, ERROR)
    assert (message.acknowledged, told) == ([True], [ERROR])
