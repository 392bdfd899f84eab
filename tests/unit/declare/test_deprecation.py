"""A caller of a deprecated version is told once for each place that calls it."""

from __future__ import annotations

import types
import warnings
from datetime import date
from typing import Any

import pytest
from celery import Celery

from taskcontract import Service
from taskcontract.frames import GENERATED_MARK

DEPRECATED = date(2026, 3, 1)


@pytest.fixture
def service() -> Service:
    service = Service("shop")
    service.use(Celery("checkout", broker="memory://", set_as_current=False))
    service.today = lambda: DEPRECATED
    return service


@pytest.fixture
def sell(service: Service) -> Any:
    @service.task(version="1.0.0", deprecated="2026-03-01", sunset="2026-09-01")
    def sell(item: str) -> None: ...

    @service.task(version="2.0.0", supersedes=sell)
    def sell_v2(item: str, count: int) -> None: ...

    return sell


def warnings_of(*calls: Any) -> list[warnings.WarningMessage]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for call in calls:
            call()
    return caught


def test_each_call_site_is_told_once_what_to_call_instead(sell: Any) -> None:
    def here() -> None:
        sell.delay("pen")

    def there() -> None:
        sell.s("pen")

    first, second = warnings_of(here, here, there, here)
    assert issubclass(first.category, DeprecationWarning)
    assert str(first.message) == (
        "sell@1.0.0 is deprecated since 2026-03-01 and refused after 2026-09-01: "
        "call sell_v2 (sell@2.0.0) instead"
    )
    assert (first.filename, first.lineno) == (__file__, here.__code__.co_firstlineno + 1)
    assert second.lineno == there.__code__.co_firstlineno + 1


def test_nothing_is_said_before_the_date(service: Service, sell: Any) -> None:
    service.today = lambda: date(2026, 2, 28)
    assert warnings_of(lambda: sell.delay("pen")) == []


def test_a_version_that_has_but_a_sunset_is_deprecated(service: Service) -> None:
    @service.task(version="1.0.0", sunset="2027-06-30")
    def buy(item: str) -> None: ...

    @service.task(version="2.0.0", supersedes=buy)
    def buy_v2(item: str) -> None: ...

    def send() -> None:
        buy.delay("pen")

    def sign() -> None:
        buy.s("pen")

    said = "buy@1.0.0 is refused after 2027-06-30: call buy_v2 (buy@2.0.0) instead"
    assert [str(warning.message) for warning in warnings_of(send, sign)] == [said, said]


def test_nothing_is_said_of_a_current_version(service: Service, sell: Any) -> None:
    assert warnings_of(lambda: service.choose("sell", "2").delay("pen", 1)) == []


def test_a_generated_delegate_is_no_call_site(sell: Any) -> None:
    module = types.ModuleType("shop_delegates")
    module.__dict__.update({GENERATED_MARK: True, "sell": sell})
    exec("def delegate_sell(item): return sell.delay(item)", module.__dict__)

    def here() -> None:
        module.delegate_sell("pen")

    (warning,) = warnings_of(here, here)
    assert (warning.filename, warning.lineno) == (__file__, here.__code__.co_firstlineno + 1)
