"""A scrape tells what is known, and never waits for a broker."""

from __future__ import annotations

import gc
import threading
from typing import Any
from uuid import uuid4

import pytest
from celery import Celery
from prometheus_client import REGISTRY, generate_latest

from taskcontract.errors import BrokerError, RefusedMessageError
from taskcontract.safety_net import metrics
from taskcontract.safety_net.metrics import ASKED_AFTER, Watch
from taskcontract.safety_net.quarantine import Measured
from tests.support.scraping import read_samples


class Shelf:
    """A quarantine that answers when it is let."""

    def __init__(self) -> None:
        self.may_answer = threading.Event()
        self.asked = 0
        self.answer: Measured | Exception = Measured(3, 1000.0)

    def __call__(self, *_: object) -> Shelf:
        return self

    def __enter__(self) -> Shelf:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def measure(self) -> Measured:
        self.asked += 1
        assert self.may_answer.wait(10)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf()
    monkeypatch.setattr(metrics, "Quarantine", shelf)
    return shelf


def finish(watch: Watch, shelf: Shelf) -> None:
    shelf.may_answer.set()
    asking: Any = watch._asking
    asking.join(10)
    shelf.may_answer.clear()


def test_an_answer_serves_the_scrapes_of_a_minute(shelf: Shelf) -> None:
    app = Celery(set_as_current=False)
    watch = Watch(app, "q")
    assert watch.look() is None
    finish(watch, shelf)
    assert (watch.look(), shelf.asked) == (Measured(3, 1000.0), 1)
    watch._asked_at -= ASKED_AFTER
    shelf.answer = Measured(0, None)
    assert watch.look() == Measured(3, 1000.0), "until the new answer is there"
    finish(watch, shelf)
    assert (watch.look(), shelf.asked) == (Measured(0, None), 2)


def test_one_question_is_open_at_a_time(shelf: Shelf) -> None:
    app = Celery(set_as_current=False)
    watch = Watch(app, "q")
    for _ in range(3):
        watch.look()
        watch._asked_at -= ASKED_AFTER
    finish(watch, shelf)
    assert shelf.asked == 1


def test_what_was_known_is_not_shown_when_the_broker_is_away(shelf: Shelf) -> None:
    app = Celery(set_as_current=False)
    watch = Watch(app, "q")
    watch.look()
    finish(watch, shelf)
    watch._asked_at -= ASKED_AFTER
    shelf.answer = BrokerError("away")
    watch.look()
    finish(watch, shelf)
    assert watch.look() is None


def test_it_holds_no_app(shelf: Shelf) -> None:
    watch = Watch(Celery(set_as_current=False), "q")
    gc.collect()
    watch.look()
    finish(watch, shelf)
    assert (shelf.asked, watch.look()) == (0, None)


def test_each_reason_begins_at_0_for_each_outcome() -> None:
    metrics.start_counting()
    reasons = {kind.reason for kind in RefusedMessageError.__subclasses__()}
    assert {"unknown-task", "arguments", "sunset", "content-type", "unreadable"} <= reasons
    for reason in reasons:
        for outcome in ("kept", "discarded"):
            labels = {"reason": reason, "outcome": outcome}
            before = REGISTRY.get_sample_value("taskcontract_refused_total", labels)
            assert before is not None
            metrics.count_refused(reason, is_kept=outcome == "kept")
            assert REGISTRY.get_sample_value("taskcontract_refused_total", labels) == before + 1


def test_a_scrape_shows_each_quarantine_of_the_process(shelf: Shelf) -> None:
    app = Celery(set_as_current=False)
    names = {f"q-{uuid4().hex}" for _ in range(2)}
    try:
        for name in names:
            metrics.watch_quarantine(app, name)
            watch = metrics.WATCHED.watches[name]
            watch.look()
            finish(watch, shelf)
        samples = read_samples(generate_latest(REGISTRY).decode())
        for name in names:
            assert samples["taskcontract_quarantine_messages", frozenset({("queue", name)})] == 3
    finally:
        for name in names:
            metrics.WATCHED.watches.pop(name, None)
