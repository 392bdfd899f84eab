"""The net goes below any consumer class, whose own handlers still run and cannot lose a message."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, signals
from celery.worker.consumer import Consumer

from taskcontract.safety_net import install_safety_net
from taskcontract.safety_net.admission import Admission
from taskcontract.safety_net.consumer import Ending, SafetyNet, find_consumer

HANDLERS = {
    "on_unknown_task": (None, "MESSAGE", KeyError("x")),
    "on_unknown_message": (None, "MESSAGE"),
    "on_invalid_task": (None, "MESSAGE", ValueError("x")),
    "on_decode_error": ("MESSAGE", ValueError("x")),
}
SETTLING = ("ack", "ack_log_error", "reject", "reject_log_error", "requeue")


class Message:
    """Notes whoever settles it; its headers name a task."""

    channel = None

    def __init__(self) -> None:
        self.headers = {"task": "nobody.knows", "id": "1"}
        self.settled: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name in SETTLING:
            return lambda *_: self.settled.append(name)
        raise AttributeError(name)


def make(theirs: Any) -> Any:
    """A consumer of the class `theirs` with the net, and what is kept by it."""
    safe = find_consumer(theirs)
    consumer: Any = safe.__new__(safe)
    kept: list[Any] = []
    consumer._refusal_handler = SimpleNamespace(keep=lambda message, error: kept.append(message))
    consumer.task_consumer = SimpleNamespace(channel=None)
    consumer._admission = Admission(Celery(set_as_current=False))
    consumer.hostname, consumer.kept = "w1", kept
    return consumer


def define(handler: str, *, calls: str, raises: bool = False) -> tuple[type[Consumer], list[str]]:
    """A project's consumer whose `handler` settles the message by `calls`, or asks Celery's."""
    heard: list[str] = []

    def handle(self: Any, *args: Any) -> None:
        message = args[0] if handler == "on_decode_error" else args[1]
        heard.append(message.headers["task"])
        if calls == "super":
            getattr(super(theirs, self), handler)(*args)
        else:
            getattr(message, calls)(None, ())
        if raises:
            raise RuntimeError("in the project's own handler")

    theirs = type("Theirs", (Consumer,), {handler: handle})
    return theirs, heard


@pytest.mark.parametrize("raises", [False, True])
@pytest.mark.parametrize("calls", ["super", *SETTLING])
@pytest.mark.parametrize("handler", HANDLERS)
def test_a_projects_handler_hears_of_what_is_kept_and_loses_nothing(
    handler: str, calls: str, raises: bool
) -> None:
    theirs, heard = define(handler, calls=calls, raises=raises)
    consumer, message = make(theirs), Message()
    getattr(consumer, handler)(*(message if each == "MESSAGE" else each for each in HANDLERS[handler]))
    assert consumer.kept == [message]
    assert heard == ["nobody.knows"]
    assert message.settled == []


@pytest.mark.parametrize("handler", HANDLERS)
def test_celerys_signal_is_sent_once(handler: str) -> None:
    consumer, message = make(Consumer), Message()
    sent: list[Any] = []

    def hear(sender: Any, **_: Any) -> None:
        sent.append(sender)

    for signal in (signals.task_unknown, signals.task_rejected):
        signal.connect(hear)
    getattr(consumer, handler)(*(message if each == "MESSAGE" else each for each in HANDLERS[handler]))
    assert sent == [consumer]


class Mine(Consumer):
    """What a project may have."""


class Slotted:
    """No consumer at all."""


@pytest.mark.parametrize("theirs", [Consumer, Mine, "celery.worker.consumer:Consumer", f"{__name__}:Mine"])
def test_a_class_is_mixed_once(theirs: Any) -> None:
    safe = find_consumer(theirs)
    assert issubclass(safe, SafetyNet)
    assert issubclass(safe, Ending)
    assert issubclass(safe, Mine) is ("Mine" in str(theirs))
    assert find_consumer(safe) is safe


@pytest.mark.parametrize(
    ("theirs", "fact"),
    [
        (Slotted, "not a subclass of celery.worker.consumer.Consumer"),
        (lambda *_: None, "not a subclass"),
        (7, "not a subclass"),
        ("no.such.module:Consumer", "cannot be imported"),
        (f"{__name__}:Nobody", "cannot be imported"),
    ],
)
def test_what_cannot_have_the_net_is_refused_in_words(
    theirs: Any, fact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    app = Celery(broker="memory://", set_as_current=False)
    install_safety_net(app)
    (step,) = [each for each in app.steps["worker"] if each.__name__ == "SafetyNetStep"]
    with pytest.raises(SystemExit) as caught:
        step(None).create(SimpleNamespace(consumer_cls=theirs))
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert fact in said
    assert "app.conf.worker_consumer" in said


def test_the_setting_stays_the_projects_own() -> None:
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.worker_consumer = "proj.Mine"
    install_safety_net(app)
    assert app.conf.worker_consumer == "proj.Mine"
