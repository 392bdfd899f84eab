"""Who waits is told in a thread until the result store has heard it; nobody else waits for that."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import pytest

from taskcontract.safety_net import propagation_thread as module
from taskcontract.safety_net.propagation_thread import PropagationThread
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = 20.0


@pytest.fixture
def teller() -> Iterator[PropagationThread]:
    teller = PropagationThread()
    yield teller
    teller.close(0)


@pytest.fixture
def hanging() -> Iterator[threading.Event]:
    """What a store that hangs waits for."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No attempt waits for the one before."""
    monkeypatch.setattr(module, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(module, "LONGEST_PAUSE", 0.002)


def wait_for_all(teller: PropagationThread) -> None:
    with teller._change:
        assert teller._change.wait_for(lambda: not teller._waiting, LONG)


def raise_it(failure: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise failure

    return fail


def test_all_are_told_in_their_order(teller: PropagationThread) -> None:
    told: list[int] = []
    for number in range(20):
        teller.add("a call", partial(told.append, number))
    wait_for_all(teller)
    assert told == list(range(20))


def test_a_store_that_answers_has_told_when_its_caller_goes_on(
    teller: PropagationThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So no flood of refused calls fills what may wait."""
    monkeypatch.setattr(module, "A_MOMENT", LONG)
    monkeypatch.setattr(module, "MOST_UNTOLD", 3)
    told: list[int] = []
    for number in range(100):
        teller.add("a call", partial(told.append, number))
        assert told[-1] == number


def test_a_store_that_is_away_is_asked_again_and_hears_all(teller: PropagationThread) -> None:
    left = [ConnectionError("away"), OSError("away")]
    told: list[str] = []

    def tell(name: str) -> None:
        if left:
            raise left.pop()
        told.append(name)

    teller.add("first", lambda: tell("first"))
    teller.add("second", lambda: tell("second"))
    wait_for_all(teller)
    assert sorted(told) == ["first", "second"]


def tell_late(hanging: threading.Event, told: list[int], number: int) -> None:
    """Tell when the store answers again."""
    if hanging.wait(LONG):
        told.append(number)


def test_a_store_that_hangs_holds_up_nobody_who_adds(
    teller: PropagationThread, hanging: threading.Event
) -> None:
    told: list[int] = []
    for number in range(3):
        teller.add("a call", partial(tell_late, hanging, told, number))
    assert told == []
    hanging.set()
    wait_for_all(teller)
    assert told == [0, 1, 2]


@pytest.mark.parametrize(
    "failure", [ValueError("of no form"), RuntimeError("the store refuses this one")], ids=["form", "store"]
)
def test_one_that_no_store_takes_keeps_nobody_from_being_told(
    teller: PropagationThread, failure: Exception
) -> None:
    told = threading.Event()
    teller.add("wrong", raise_it(failure))
    teller.add("right", told.set)
    assert told.wait(LONG)


def test_one_that_fails_for_long_is_given_up(
    teller: PropagationThread, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "TOLD_WITHIN", 0)
    teller.add("shop.sell[1]", raise_it(ConnectionError("away")))
    wait_for_all(teller)
    assert "who waits for shop.sell[1] is not told, after 0 s: away" in caplog.text


def test_not_more_wait_than_there_is_room_for(
    teller: PropagationThread,
    hanging: threading.Event,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(module, "MOST_UNTOLD", 3)
    told: list[int] = []
    for number in range(4):
        teller.add(f"call-{number}", partial(tell_late, hanging, told, number))
    assert "who waits for call-3 is not told" in caplog.text
    hanging.set()
    wait_for_all(teller)
    assert told == [0, 1, 2]


def test_at_the_end_it_says_who_was_not_told(
    hanging: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    teller = PropagationThread()
    teller.add("shop.sell[1]", partial(tell_late, hanging, [], 1))
    teller.close(0.01)
    assert "who waits for shop.sell[1] was not told before the worker ended" in caplog.text


def test_at_the_end_it_waits_for_those_who_can_be_told(
    hanging: threading.Event, caplog: pytest.LogCaptureFixture
) -> None:
    teller = PropagationThread()
    told: list[int] = []
    teller.add("a call", partial(tell_late, hanging, told, 1))
    threading.Timer(0.05, hanging.set).start()
    teller.close(LONG)
    assert (told, caplog.text) == ([1], "")


def test_at_the_end_a_store_that_is_away_is_asked_once_more_and_not_again_and_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "FIRST_PAUSE", LONG)
    monkeypatch.setattr(module, "LONGEST_PAUSE", LONG)
    asked: list[int] = []

    def fail() -> None:
        asked.append(1)
        raise ConnectionError("away")

    teller = PropagationThread()
    teller.add("a call", fail)
    wait_until(lambda: "not told yet" in caplog.text)
    closing = threading.Thread(target=teller.close, args=(LONG,))
    closing.start()
    wait_until(lambda: len(asked) > 1)
    closing.join(0.2)  # time to be asked again and again
    assert len(asked) == 2
    with teller._change:
        teller._waiting.clear()
        teller._change.notify_all()
    closing.join(LONG)
    assert not closing.is_alive()


def test_the_thread_ends_when_there_is_nothing_to_do(
    teller: PropagationThread, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "IDLE", 0.01)
    for _ in range(2):
        told = threading.Event()
        teller.add("a call", told.set)
        thread = teller._thread
        assert told.wait(LONG)
        if thread is not None:
            thread.join(LONG)
            assert not thread.is_alive()
