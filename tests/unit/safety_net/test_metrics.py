"""A scrape tells what is known, and never waits for a broker."""

from __future__ import annotations

import gc
import math
import threading
from typing import Any

import pytest
from celery import Celery

from taskcontract.errors import BrokerError
from taskcontract.safety_net import metrics
from taskcontract.safety_net.metrics import ASKED_AFTER, Watch
from taskcontract.safety_net.quarantine import Measured


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


def test_an_answer_serves_the_scrapes_of_a_minute(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    app = Celery(set_as_current=False)
    watch = Watch(app, "q")
    assert math.isnan(watch.count())
    assert math.isnan(watch.find_age())
    finish(watch, shelf)
    monkeypatch.setattr("time.time", lambda: 1060.0)
    assert (watch.count(), watch.find_age(), shelf.asked) == (3, 60, 1)
    watch._asked_at -= ASKED_AFTER
    shelf.answer = Measured(0, None)
    assert watch.count() == 3, "until the new answer is there"
    finish(watch, shelf)
    assert (watch.count(), watch.find_age(), shelf.asked) == (0, 0, 2)


def test_one_question_is_open_at_a_time(shelf: Shelf) -> None:
    app = Celery(set_as_current=False)
    watch = Watch(app, "q")
    for _ in range(3):
        watch.count()
        watch._asked_at -= ASKED_AFTER
    finish(watch, shelf)
    assert shelf.asked == 1


@pytest.mark.parametrize("answer", [BrokerError("away"), Measured(3, None)])
def test_what_is_not_known_is_no_number(shelf: Shelf, answer: Any) -> None:
    app = Celery(set_as_current=False)
    watch = Watch(app, "q")
    watch.count()
    shelf.answer = answer
    finish(watch, shelf)
    assert math.isnan(watch.find_age())
    assert math.isnan(watch.count()) is isinstance(answer, Exception)


def test_it_holds_no_app(shelf: Shelf) -> None:
    watch = Watch(Celery(set_as_current=False), "q")
    gc.collect()
    watch.count()
    finish(watch, shelf)
    assert (shelf.asked, math.isnan(watch.count())) == (0, True)
