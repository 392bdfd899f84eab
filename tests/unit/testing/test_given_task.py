"""`given_task` and `calls`, as a test's author uses them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, example, settings

from taskcontract import Call, Service, given_task
from taskcontract.errors import ConfigError
from taskcontract.testing import calls

if TYPE_CHECKING:
    from collections.abc import Callable

shop = Service("shop")
EVERY: Any = list(HealthCheck)
QUICK = settings(max_examples=15, deadline=None, database=None, suppress_health_check=EVERY)


@shop.task(version="1.0.0")
def buy(item: str, day: date, count: int = 3) -> str: ...


@shop.task(version="1.0.0")
def odd(a: int, /, b: str = "x", *more: int, key: bool, **extra: float) -> str: ...


@shop.task(version="1.0.0")
def close() -> None: ...


@pytest.fixture(scope="module")
def till() -> int:
    return 5


@QUICK
@example(item="pen", day=date(2027, 1, 31), count=1)
@given_task(buy)
def test_a_test_gets_typed_arguments(item: str, day: date, count: int) -> None:
    assert (type(item), type(day), type(count)) == (str, date, int)


@QUICK
@given_task(buy)
def test_fixtures_come_first(till: int, item: str, day: date, count: int) -> None:
    assert till == 5
    assert isinstance(item, str)


@QUICK
@given_task(odd)
def test_arguments_without_a_name_are_passed_too(
    till: int, a: int, /, b: str, *more: int, key: bool, **extra: float
) -> None:
    assert till == 5
    assert (type(a), type(b), type(key)) == (int, str, bool)
    assert {*map(type, more)} <= {int}


class TestMethods:
    @QUICK
    @given_task(buy)
    def test_a_method_works_too(self, item: str, day: date, count: int) -> None:
        assert isinstance(day, date)


def test_a_task_without_parameters_is_one_call() -> None:
    called: list[None] = []

    @QUICK
    @given_task(close)
    def keep() -> None:
        called.append(None)

    keep()
    assert called == [None]


def test_the_smallest_failing_call_is_shown() -> None:
    @QUICK
    @given_task(buy)
    def fail(item: str, day: date, count: int) -> None:
        assert count in (3, 0) or not item

    with pytest.raises(AssertionError) as caught:
        fail()
    notes = "\n".join(caught.value.__notes__)
    assert "item='0'" in notes
    assert "count=1" in notes


def test_calls_are_in_every_form() -> None:
    seen: list[Call[str]] = []

    @settings(QUICK, max_examples=80)
    @hypothesis.given(calls(buy))
    def keep(call: Call[str]) -> None:
        seen.append(call)

    keep()
    assert all(call.task is buy for call in seen)
    assert {len(call.args) for call in seen} >= {0, 1, 2, 3}
    assert {len(call.args) + len(call.kwargs) for call in seen} == {2, 3}


@pytest.mark.parametrize("use", [given_task, calls])
def test_what_is_no_task_is_refused(use: Callable[[Any], Any]) -> None:
    with pytest.raises(ConfigError, match="takes a version of a task"):
        use(print)
