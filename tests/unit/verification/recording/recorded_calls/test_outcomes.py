"""Outcomes that are no result: pending ones, and those that are not read."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from celery import chain, chord, group
from celery.exceptions import TimeoutError as CeleryTimeoutError

from taskcontract.model.contract import ANYTHING, Interaction

if TYPE_CHECKING:
    from collections.abc import Callable

from tests.support.recorded_shop import Line, fail, order, price, record


def test_a_pending_result_is_not_there_at_once() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, ready=False):
        result = price.delay("tea")
        assert (result.ready(), result.state, result.successful()) == (False, "PENDING", False)
        with pytest.raises(CeleryTimeoutError):
            result.get(timeout=3600)
        with pytest.raises(CeleryTimeoutError):
            asyncio.run(result.aget(timeout=3600))
        with pytest.raises(CeleryTimeoutError):
            group(price.s("milk")).app.GroupResult("x", [result]).get(timeout=3600)
    assert kept[0].rules == (ANYTHING,)


def test_what_waits_for_a_pending_result_is_not_sent() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, ready=False).expect(price, ready=False):
        chain(price.s("tea"), price.s()).delay()
        chord([price.s("milk")], order.si(Line("tea", 1)))()
    assert [each.args for each in kept] == [("tea",), ("milk",)]


def test_waiting_for_ever_for_a_pending_result_fails() -> None:
    block = record().expect(price, ready=False)
    assert "without a timeout" in fail(lambda: price.delay("tea").get(), block)

    def poll() -> None:
        result = price.delay("tea")
        while not result.ready():
            pass

    assert "has asked 1,000 times" in fail(poll, record().expect(price, ready=False))


@pytest.mark.parametrize(
    "look",
    [
        lambda result: result.get(timeout=5),
        lambda result: result.ready(),
        lambda result: result.state,
        lambda result: result.result,
        lambda result: asyncio.run(result.aget(timeout=5)),
    ],
)
@pytest.mark.parametrize("task", [price, order])
def test_a_result_that_is_not_read_must_not_be_read(task: Any, look: Callable[[Any], Any]) -> None:
    arguments: Any = "tea" if task is price else Line("tea", 1)

    def run() -> None:
        with suppress(Exception):
            look(task.delay(arguments))

    assert "looks at the result of shop." in fail(run, record().expect(task, reply=False))


def test_a_result_that_is_not_read_is_recorded_as_a_call_that_must_only_succeed() -> None:
    kept: list[Interaction] = []
    with record(kept).expect(price, reply=False):
        price.delay("tea")
    assert (kept[0].rules, kept[0].error) == ((ANYTHING,), None)


@pytest.mark.parametrize(
    "look",
    [
        lambda result: result.get(timeout=5),
        lambda result: result.result,
        lambda result: asyncio.run(result.aget()),
        lambda result: group(price.s("a")).app.GroupResult("x", [result]).get(),
        lambda result: group(price.s("a")).app.AsyncResult(result.id).get(),
        lambda result: group(price.s("a")).app.GroupResult("x", [result]).join_native(),
    ],
)
def test_a_result_that_the_test_does_not_say_ends_no_wait_without_an_error(
    look: Callable[[Any], Any],
) -> None:
    def run() -> None:
        result = price.delay("tea")
        assert result.ready()
        assert result.successful()
        look(result)

    assert "returns=" in fail(run, record().expect(price))
