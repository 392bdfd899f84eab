"""Every way in which a call leaves is recorded."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, current_app, shared_task

from taskcontract import Service
from taskcontract.verification.recording.interception import intercept
from taskcontract.verification.recording.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.contract import Interaction

from tests.support.recorded_shop import GoneError, fail, price, record


def test_the_consumers_own_stubs_of_a_task_are_recorded(app: Celery) -> None:
    stubbed = Service("stubbed", queue="stubbed")  # of its own: every app gets a shared task

    @stubbed.task(version="1.0.0")
    def measure(item: str) -> str: ...

    @shared_task(name="stubbed.measure")
    def stub(item: str) -> str: ...

    kept: list[Interaction] = []
    block = Recording("cafe", stubbed, description="a call", test="t.py::t", keep=kept.extend)
    for answer in "123":
        block.expect(measure, returns=answer).called_with("tea")
    restore = current_app.set_current
    app.set_current()
    with block:
        assert stub.apply_async(("tea",), queue="stubbed").get() == "1"
        assert app.tasks["stubbed.measure"].s("tea").set(queue="stubbed").delay().get() == "2"
        assert app.send_task(name="stubbed.measure", args=("tea",), queue="stubbed").get() == "3"
    restore()
    assert len(kept) == 3


@pytest.mark.parametrize(
    "send",
    [
        lambda: price.map(["tea", "milk"]).delay(),
        lambda: price.starmap([("tea",), ("milk", 1)]).delay(),
        lambda: price.chunks([("tea",), ("milk",)], 2).group()(),
    ],
)
def test_each_call_of_a_map_is_recorded(send: Callable[[], Any]) -> None:
    kept: list[Interaction] = []
    block = record(kept).expect(price, returns="1").called_with("tea")
    with block.expect(price, returns="2").called_with("milk"):
        result = send().get()
        assert result in (["1", "2"], [["1", "2"]])
    assert [each.wire_name for each in kept] == ["shop.price", "shop.price"]


def test_a_map_ends_with_its_first_error_and_is_as_silent_as_its_calls() -> None:
    with record().expect(price, returns="1").expect(price, raises=GoneError("x")):
        result = price.map(["tea", "x", "never sent"]).delay()
        with pytest.raises(GoneError):
            result.get()
    with record().expect(price, returns="1").expect(price, ready=False):
        assert not price.map(["tea", "milk"]).delay().ready()
    said = fail(lambda: price.map(["tea"]).delay().get(), record().expect(price))
    assert "returns=" in said


def test_an_own_task_runs_where_calls_are_eager_and_what_it_calls_is_recorded(app: Celery) -> None:
    app.conf.task_always_eager = True

    @app.task
    def own(item: str) -> str:
        return price.delay(item).get(disable_sync_subtasks=False) + "!"

    kept: list[Interaction] = []
    with record(kept).expect(price, returns="3").called_with("tea"):
        assert own.delay("tea").get() == "3!"
    assert len(kept) == 1


def test_blocks_of_two_threads_may_overlap() -> None:
    first_is_open, second_is_open = threading.Event(), threading.Event()
    before = dict(vars(Celery))

    def first() -> None:
        with intercept(lambda message: None, lambda error: None):
            first_is_open.set()
            assert second_is_open.wait(10)

    thread = threading.Thread(target=first)
    thread.start()
    assert first_is_open.wait(10)
    with record().expect(price, returns="3"):
        second_is_open.set()
        thread.join()
        assert price.delay("tea").get() == "3"  # the first block's end has not opened a way to the broker
    assert dict(vars(Celery)) == before
