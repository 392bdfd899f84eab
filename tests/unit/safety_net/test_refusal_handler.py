"""A message is acknowledged only when the quarantine has it, however often that takes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from amqp.exceptions import MessageNacked
from celery import Celery

from taskcontract.errors import BrokerError, UnknownTaskError
from taskcontract.safety_net import refusal_handler as refusal_handler
from taskcontract.safety_net.refusal_handler import LONGEST_ANSWER, RefusalHandler
from taskcontract.safety_net.retry_queue import LONGEST_WAIT

if TYPE_CHECKING:
    from collections.abc import Callable


class Timer:
    """Keeps what is to be called later."""

    def __init__(self) -> None:
        self.waiting: list[tuple[float, Any, tuple[Any, ...]]] = []

    def call_after(self, seconds: float, function: Any, args: tuple[Any, ...] = ()) -> Any:
        self.waiting.append((seconds, function, args))
        return self.waiting[-1]

    def cancel(self, entry: Any) -> None:
        self.waiting.remove(entry)

    def run_next(self) -> float:
        seconds, function, args = self.waiting.pop(0)
        function(*args)
        return seconds


class FakeQuarantine:
    """A quarantine that refuses a number of times before it keeps."""

    name = "quarantine"

    def __init__(self, *refusals: Exception) -> None:
        self.refusals = list(refusals)
        self.notes: list[Any] = []

    def is_its(self, queue: str, channel: Any = None) -> bool:
        return queue == self.name

    def keep(self, message: Any, note: Any) -> None:
        if self.refusals:
            raise self.refusals.pop(0)
        self.notes.append(note)


class Prefetch:
    """How many messages the worker takes beside its usual number."""

    more = 0

    def increment_eventually(self, number: int) -> None:
        self.more += number

    def decrement_eventually(self, number: int) -> None:
        self.more -= number


class FakeThread:
    """Tells at once, or not until it is asked to."""

    def __init__(self, *, at_once: bool = True) -> None:
        self.at_once = at_once
        self.waiting: list[Callable[[], None]] = []

    def add(self, name: str, tell: Callable[[], None]) -> None:
        self.waiting.append(tell)
        if self.at_once:
            self.tell_all()

    def tell_all(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


def make_handler(quarantine: FakeQuarantine | None, thread: FakeThread | None = None) -> Any:
    app = SimpleNamespace(conf={"taskcontract_quarantine": ""}, _get_backend=SimpleNamespace)
    consumer = SimpleNamespace(
        app=app,
        hostname="worker@host",
        timer=Timer(),
        qos=Prefetch(),
        connection_errors=(),
        event_dispatcher=None,
        task_consumer=SimpleNamespace(_active_tags={}, queues=[]),
    )
    handler: Any = RefusalHandler(consumer)
    handler._quarantine = quarantine
    handler._propagation = thread or FakeThread()
    return handler


def run_all(handler: Any, most: int = 20) -> list[float]:
    """Let time pass until nothing waits any more; the waits."""
    timer = handler._consumer.timer
    waits: list[float] = []
    while timer.waiting and len(waits) < most:
        waits.append(timer.run_next())
    return waits


def make_message(queue: str = "shop", tag: str = "7") -> Any:
    acknowledged: list[bool] = []
    return SimpleNamespace(
        headers={"task": "shop.sell", "id": "1"},
        delivery_info={"routing_key": queue, "exchange": ""},
        delivery_tag=tag,
        properties={},
        acknowledged=acknowledged,
        ack_log_error=lambda *_: acknowledged.append(True),
    )


@pytest.fixture
def message() -> Any:
    return make_message()


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    told: list[Any] = []
    monkeypatch.setattr(
        refusal_handler, "propagate_failure", lambda app, backend, message, error, queue: told.append(error)
    )
    return told


ERROR = UnknownTaskError("no worker code")


def test_a_full_or_absent_quarantine_is_tried_again_and_nothing_acknowledged(
    message: Any, told: list[Any]
) -> None:
    quarantine = FakeQuarantine(MessageNacked("full"), BrokerError("away"), OSError("reset"))
    handler = make_handler(quarantine)
    handler.keep(message, ERROR)
    waits: list[float] = []
    while handler._consumer.timer.waiting and len(waits) < 10:
        assert (message.acknowledged, told, quarantine.notes) == ([], [], [])
        assert handler._consumer.qos.more >= 1, "it keeps nobody else waiting"
        waits.append(handler._consumer.timer.run_next())
    assert waits == [1, 2, 4]
    assert (message.acknowledged, told) == ([True], [ERROR])
    assert handler._consumer.qos.more == 0
    assert [(note.reason, note.queue, note.worker) for note in quarantine.notes] == [
        ("unknown-task", "shop", "worker@host")
    ]


def test_a_message_that_cannot_be_kept_at_all_holds_up_no_other(message: Any, told: list[Any]) -> None:
    handler = make_handler(FakeQuarantine(ValueError("nothing of it can be written")))
    handler.keep(message, ERROR)
    other = make_message(tag="8")
    handler.keep(other, ERROR)
    assert (message.acknowledged, other.acknowledged) == ([], [True])
    assert handler._consumer.timer.waiting == []
    assert handler._consumer.qos.more >= 1, "it is left to the broker, and keeps nobody else waiting"


def test_the_waits_are_bounded(message: Any, told: list[Any]) -> None:
    handler = make_handler(FakeQuarantine(*[BrokerError("away")] * 12))
    handler.keep(message, ERROR)
    waits = run_all(handler)
    assert len(waits) == 12
    assert max(waits) == LONGEST_WAIT
    assert message.acknowledged == [True]


def test_a_message_that_is_kept_is_acknowledged_before_its_caller_is_told(told: list[Any]) -> None:
    """It takes no place in the worker, and a connection that is lost meanwhile costs no caller its answer."""
    thread, quarantine = FakeThread(at_once=False), FakeQuarantine()
    handler = make_handler(quarantine, thread)
    messages = [make_message(tag=str(number)) for number in range(3)]
    for each in messages:
        handler.keep(each, ERROR)
    assert ([each.acknowledged for each in messages], told, len(quarantine.notes)) == ([[True]] * 3, [], 3)
    assert (handler._consumer.qos.more, handler._consumer.timer.waiting) == (0, [])
    handler.forget_held()
    thread.tell_all()
    assert told == [ERROR] * 3


@pytest.mark.parametrize(
    ("configured", "used"),
    [(None, LONGEST_ANSWER), (120.0, LONGEST_ANSWER), (LONGEST_ANSWER / 2, LONGEST_ANSWER / 2)],
)
def test_a_redis_that_is_gone_is_given_up_soon(configured: float | None, used: float) -> None:
    app = Celery("gone", broker="memory://", backend="redis://127.0.0.1:1", set_as_current=False)
    app.conf.update(redis_socket_timeout=configured, redis_socket_connect_timeout=configured)
    backend = refusal_handler._make_backend(app)
    parameters = backend.client.connection_pool.connection_kwargs
    assert (parameters["socket_timeout"], parameters["socket_connect_timeout"]) == (used, used)
    assert backend is not app.backend


def test_a_redis_at_a_socket_of_a_file_has_no_timeout_to_connect() -> None:
    app = Celery("file", broker="memory://", backend="redis+socket:///none", set_as_current=False)
    parameters = refusal_handler._make_backend(app).client.connection_pool.connection_kwargs
    assert "socket_connect_timeout" not in parameters
    assert parameters["socket_timeout"] == LONGEST_ANSWER


def test_monitors_hear_of_it(message: Any, told: list[Any]) -> None:
    sent: list[tuple[str, dict[str, Any]]] = []
    handler = make_handler(FakeQuarantine())
    handler._consumer.event_dispatcher = SimpleNamespace(
        enabled=True, send=lambda kind, **fields: sent.append((kind, fields))
    )
    handler.keep(message, ERROR)
    assert [(kind, fields["uuid"]) for kind, fields in sent] == [("task-failed", "1")]


def test_what_monitors_cannot_hear_is_kept_once_all_the_same(message: Any, told: list[Any]) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError("reset")

    quarantine = FakeQuarantine()
    handler = make_handler(quarantine)
    handler._consumer.event_dispatcher = SimpleNamespace(enabled=True, send=fail)
    handler.keep(message, ERROR)
    assert run_all(handler) == []
    assert (len(quarantine.notes), message.acknowledged, told) == (1, [True], [ERROR])


def test_only_the_first_asks_for_what_is_away_and_all_keep_their_order(told: list[Any]) -> None:
    asked: list[str] = []

    class Away(FakeQuarantine):
        def keep(self, message: Any, note: Any) -> None:
            asked.append(message.delivery_tag)
            super().keep(message, note)

    quarantine = Away(BrokerError("away"), BrokerError("away"))
    handler = make_handler(quarantine)
    messages = [make_message(tag=str(number)) for number in range(120)]
    for each in messages:
        handler.keep(each, ERROR)
    assert asked == ["0"]
    assert handler._consumer.qos.more >= 120
    waits = run_all(handler)
    assert waits[:2] == [1, 2]
    assert asked == ["0", "0", *(str(number) for number in range(120))]
    assert all(each.acknowledged == [True] for each in messages)
    assert handler._consumer.qos.more == 0


def test_without_a_quarantine_the_caller_is_told_all_the_same(message: Any, told: list[Any]) -> None:
    make_handler(None).keep(message, ERROR)
    assert (message.acknowledged, told) == ([True], [ERROR])


def test_what_comes_from_the_quarantine_is_left_there(told: list[Any]) -> None:
    quarantine, message = FakeQuarantine(), make_message("quarantine")
    handler = make_handler(quarantine)
    handler.keep(message, ERROR)
    assert (quarantine.notes, told, message.acknowledged, handler._consumer.timer.waiting) == ([], [], [], [])


def test_a_lost_connection_ends_what_was_to_be_tried_again(message: Any, told: list[Any]) -> None:
    handler = make_handler(FakeQuarantine(BrokerError("away")))
    handler.keep(message, ERROR)
    handler.forget_held()
    assert run_all(handler) == []
