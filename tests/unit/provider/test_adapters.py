"""Adapters that do not keep their word: each mistake is told, by the adapter's name and place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import pytest
from celery import Celery
from celery.app.task import Context

from taskcontract import Call, Provider, Secret, Service
from taskcontract.errors import DeclarationError, ProviderError, ResultValueError

shop = Service("shop")


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> str: ...


@shop.task(version="1.0.0")
def buy(item: str) -> int: ...


def well(item: str) -> Call[str]:
    """One piece."""
    return sell_v2.call(item, 1)


def by_hand(item: str) -> Call[str]:
    """A call that nobody checked."""
    return Call(sell_v2, (item, "1"))


def too_little(item: str) -> Call[str]:
    """A call that nobody checked."""
    return Call(sell_v2, (item,))


def of_another_task(item: str) -> Any:
    """A call of a task that is no version of this one."""
    return buy.call(item)


def raising(item: str) -> Call[str]:
    """It knows no pens."""
    raise LookupError(item)


def refused(item: str) -> Call[str]:
    """A call that is wrong where it is made."""
    count: Any = "1"
    return sell_v2.call(item, count)


@pytest.mark.parametrize(
    ("adapter", "error", "fact"),
    [
        (by_hand, ProviderError, r"a call that sell@2\.0\.0 refuses: parameter 'count'"),
        (too_little, ProviderError, r"a call that sell@2\.0\.0 refuses: .*missing.*'count'"),
        (of_another_task, ProviderError, r"returned a call of buy@1\.0\.0"),
        (
            refused,
            ProviderError,
            r"the upcaster of sell@1\.0\.0 raised ArgumentValueError: parameter 'count'",
        ),
        (raising, ProviderError, r"the upcaster of sell@1\.0\.0 raised LookupError: pen"),
    ],
)
def test_an_upcaster_that_gives_no_call_of_a_newer_version(
    adapter: Any, error: type[Exception], fact: str
) -> None:
    provider = provide(adapter)
    with pytest.raises(error, match=fact) as caught:
        provider.app.tasks["shop.sell"].apply(("pen",)).get()
    if isinstance(caught.value, ProviderError):
        assert f"test_adapters.py:{adapter.__code__.co_firstlineno} {adapter.__name__}" in caught.value.where


def of_another_type(text: str) -> Any:
    """Text where v1 promises a number."""
    return text


def test_a_downcaster_that_gives_another_type() -> None:
    provider = provide(well)
    provider.declared.adapters.downcasts.clear()
    provider.downcasts(sell)(of_another_type)
    with pytest.raises(ResultValueError, match=r"sell@1\.0\.0 declares int") as caught:
        provider.app.tasks["shop.sell"].apply(("pen",)).get()
    assert "of_another_type" in caught.value.where


def test_the_sunset_is_not_before_the_deprecation() -> None:
    with pytest.raises(DeclarationError, match="sunset"):
        Service("late").task(version="1.0.0", deprecated="2026-02-01", sunset="2026-01-31")(well)


def provide(adapter: Any) -> Provider:
    provider = Provider(Celery("shop", set_as_current=False), shop)

    def serve(item: str, count: int) -> str:
        return f"{count}"

    def number_of(text: str) -> int:
        """v1 gave a number."""
        return int(text)

    provider.implements(sell_v2)(serve)
    provider.upcasts(sell)(adapter)
    provider.downcasts(sell)(number_of)
    return provider


def test_a_retry_names_arguments_of_its_own_version_typed_or_as_they_came() -> None:
    service = Service("days")

    @service.task(version="1.0.0")
    def close(day: date, pin: Annotated[str, Secret] = "") -> None: ...

    @service.task(version="2.0.0", supersedes=close)
    def close_v2(day: date, pin: Annotated[str, Secret], hour: int) -> None: ...

    def at_noon(day: date, pin: str = "") -> Call[None]:
        """Shops closed at noon."""
        return close_v2.call(day, pin, 12)

    provider = Provider(Celery("days", set_as_current=False), service)
    provider.implements(close_v2)(lambda day, pin, hour: None)
    provider.upcasts(close)(at_noon)
    provider.app.finalize()
    task: Any = provider.app.tasks["days.close"]
    request = Context(args=["2026-01-31"], kwargs={}, argsrepr="('2026-01-31',)", kwargsrepr="{}")
    for args in (("2026-02-01", "4711"), (date(2026, 2, 1), "4711")):
        retry = task.signature_from_request(request, args=args)
        assert (retry.task, tuple(retry.args)) == ("days.close", ("2026-02-01", "4711"))
        assert "4711" not in retry.options["argsrepr"]
    retry = task.signature_from_request(request)
    assert (list(retry.args), retry.options["argsrepr"]) == (["2026-01-31"], "('2026-01-31',)")
    with pytest.raises(
        ProviderError, match=r"a retry of close@1\.0\.0 names arguments that it does not take"
    ):
        task.signature_from_request(request, args=("2026-02-01", "4711", 12))
