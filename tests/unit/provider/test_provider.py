"""A provider serves every declared version, or says at its start which ones it does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from celery import Celery

from taskcontract import Call, Provider, Service
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, ProviderError, ResultValueError

shop = Service("shop", queue="shop")


@dataclass
class Receipt:
    number: int
    total: str


@shop.task(version="1.0.0", sunset="2026-06-30")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> str: ...


@shop.task(version="3.0.0", supersedes=sell_v2)
def sell_v3(item: str, count: int, currency: str) -> Receipt: ...


def one(item: str) -> Call[str]:
    """One piece."""
    return sell_v2.call(item, count=1)


def in_euro(item: str, count: int) -> Call[Receipt]:
    """Prices are in euro."""
    return sell_v3.call(item, count, "EUR")


def total_of(receipt: Receipt) -> str:
    """The total alone."""
    return receipt.total


def cents_of(total: str) -> int:
    """The total in cents."""
    return int(total) * 100


def serve(item: str, count: int, currency: str) -> Receipt:
    return Receipt(7, f"{count * 2}")


@pytest.fixture
def provider() -> Provider:
    return Provider(Celery("shop", set_as_current=False), shop, today=lambda: date(2026, 1, 1))


@pytest.fixture
def complete(provider: Provider) -> Provider:
    provider.implements(sell_v3)(serve)
    provider.upcasts(sell_v2)(in_euro)
    provider.downcasts(sell_v2)(total_of)
    provider.upcasts(sell)(one)
    provider.downcasts(sell)(cents_of)
    provider.app.finalize()
    return provider


def run(provider: Provider, name: str, *args: Any, **kwargs: Any) -> Any:
    return provider.app.tasks[name].apply(args, kwargs).get()


def test_each_version_is_served_and_answered_as_itself(complete: Provider) -> None:
    complete.check()
    assert run(complete, "shop.sell_v3", "pen", 2, "EUR") == {"number": 7, "total": "4"}
    assert run(complete, "shop.sell_v2", "pen", count=3) == "6"
    assert run(complete, "shop.sell", item="pen") == 200


def test_the_decorated_functions_stay_as_they_are(provider: Provider) -> None:
    assert provider.implements(sell_v3)(serve) is serve
    assert provider.upcasts(sell)(one) is one
    assert provider.downcasts(sell)(cents_of) is cents_of


@pytest.mark.parametrize(
    ("args", "error", "fact"),
    [
        (("pen",), ArgumentTypeError, "'count'"),
        (("pen", "2"), ArgumentValueError, "'count'"),
        (("pen", 2, 3), ArgumentTypeError, "takes 2 positional"),
    ],
)
def test_a_message_outside_the_contract_is_refused(
    complete: Provider, args: tuple[Any, ...], error: type[Exception], fact: str
) -> None:
    with pytest.raises(error, match=fact):
        run(complete, "shop.sell_v2", *args)


def test_start_up_lists_every_broken_promise(provider: Provider) -> None:
    provider.implements(sell_v3)(serve)
    provider.upcasts(sell)(one)
    with pytest.raises(ProviderError) as caught:
        provider.check()
    message = str(caught.value)
    assert "2 promise(s)" in message
    assert "sell@2.0.0 is declared but neither implemented nor adapted" in message
    assert "@provider.implements(sell_v2)" in message
    assert "sell@1.0.0 promises int but sell@2.0.0 returns str" in message


def test_a_version_past_its_sunset_needs_no_code() -> None:
    provider = Provider(Celery("shop", set_as_current=False), shop, today=lambda: date(2026, 7, 1))
    provider.implements(sell_v3)(serve)
    provider.upcasts(sell_v2)(in_euro)
    provider.downcasts(sell_v2)(total_of)
    provider.check()
    provider.app.finalize()
    assert "shop.sell" not in provider.app.tasks


def test_a_serializer_that_the_worker_refuses_is_a_broken_promise() -> None:
    service = Service("yam", serializer="yaml")

    @service.task(version="1.0.0")
    def dig() -> None: ...

    provider = Provider(Celery("yam", set_as_current=False), service)
    provider.implements(dig)(lambda: None)
    with pytest.raises(ProviderError, match="sent as yaml, which this worker refuses"):
        provider.check()
    provider.app.conf.accept_content = ["json", "yaml"]
    provider.check()


def no_docstring(item: str) -> Call[str]:
    return sell_v2.call(item, 1)


def test_an_adapter_says_what_it_changes(provider: Provider) -> None:
    with pytest.raises(ProviderError, match=r"the upcaster of sell@1\.0\.0 has no docstring"):
        provider.upcasts(sell)(no_docstring)


def test_a_version_is_served_once(provider: Provider) -> None:
    provider.implements(sell_v3)(serve)
    with pytest.raises(ProviderError, match=r"sell@3\.0\.0 is implemented already, by .* serve"):
        provider.implements(sell_v3)(serve)
    provider.upcasts(sell)(one)
    with pytest.raises(ProviderError, match=r"sell@1\.0\.0 is adapted already, by .* one"):
        provider.upcasts(sell)(one)
    provider.downcasts(sell)(cents_of)
    with pytest.raises(ProviderError, match=r"sell@1\.0\.0 has two downcasters"):
        provider.downcasts(sell)(cents_of)


def swapped(count: int, item: str, currency: str) -> Receipt:
    return Receipt(count, item)


def renamed(item: str, number: int, currency: str) -> Receipt:
    return Receipt(number, item)


def lacking(item: str, count: int) -> Receipt:
    return Receipt(count, item)


def wrapping(*args: Any, **kwargs: Any) -> Receipt:
    return serve(*args, **kwargs)


@pytest.mark.parametrize("function", [swapped, renamed, lacking])
def test_a_function_that_does_not_take_the_declared_calls_is_refused(
    provider: Provider, function: Any
) -> None:
    with pytest.raises(ProviderError, match=r"does not take the calls of sell@3\.0\.0") as caught:
        provider.implements(sell_v3)(function)
    assert f"test_provider.py:{function.__code__.co_firstlineno}" in caught.value.where
    with pytest.raises(ProviderError, match=r"does not take the calls of sell@3\.0\.0"):
        provider.implements(sell_v3, bind=True)(serve)  # type: ignore[arg-type]
    provider.implements(sell_v3)(wrapping)


def test_an_adapter_takes_the_old_versions_calls(provider: Provider) -> None:
    with pytest.raises(ProviderError, match=r"one does not take the calls of sell@2\.0\.0"):
        provider.upcasts(sell_v2)(one)  # type: ignore[arg-type]


def test_a_foreign_task_is_not_served(provider: Provider) -> None:
    other = Service("other")

    @other.task(version="1.0.0")
    def alien() -> None: ...

    with pytest.raises(ProviderError, match="belongs to 'other', not to 'shop'"):
        provider.implements(alien)


def to_a_dict(item: str) -> Any:
    """No call."""
    return {"item": item}


def to_itself(item: str) -> Any:
    """A circle."""
    return sell.call(item)


def downwards(item: str, count: int) -> Any:
    """The wrong way."""
    return sell.call(item)


@pytest.mark.parametrize(
    ("adapter", "fact"),
    [(to_a_dict, "returned dict instead of a call"), (to_itself, r"returned a call of sell@1\.0\.0")],
)
def test_an_adapter_that_returns_no_newer_call_is_named(provider: Provider, adapter: Any, fact: str) -> None:
    provider.implements(sell_v3)(serve)
    provider.upcasts(sell, to=sell_v3)(adapter)
    with pytest.raises(ProviderError, match=fact) as caught:
        run(provider, "shop.sell", "pen")
    assert adapter.__name__ in caught.value.where


def test_adapters_that_go_in_a_circle_end_with_an_error(provider: Provider) -> None:
    provider.implements(sell_v3)(serve)
    provider.upcasts(sell)(one)
    provider.upcasts(sell_v2)(downwards)
    with pytest.raises(ProviderError, match=r"sell@2\.0\.0 returned a call of sell@1\.0\.0"):
        run(provider, "shop.sell", "pen")


def test_a_result_outside_its_type_fails_where_it_was_made(provider: Provider) -> None:
    def wrong(item: str, count: int, currency: str) -> Any:
        return {"number": 7}

    provider.implements(sell_v3)(wrong)
    with pytest.raises(ResultValueError, match=r"sell@3\.0\.0 declares Receipt") as caught:
        run(provider, "shop.sell_v3", "pen", 1, "EUR")
    assert "test_provider.py" in caught.value.where


def test_a_bound_function_gets_the_task_that_was_called(provider: Provider) -> None:
    def bound(self: Any, item: str, count: int, currency: str) -> Receipt:
        return Receipt(1, self.name)

    provider.implements(sell_v3, bind=True)(bound)
    provider.upcasts(sell_v2)(in_euro)
    provider.downcasts(sell_v2)(total_of)
    assert run(provider, "shop.sell_v2", "pen", 1) == "shop.sell_v2"


def test_an_old_version_keeps_the_options_of_the_one_that_serves_it(provider: Provider) -> None:
    provider.implements(sell_v3, acks_late=True, max_retries=9, autoretry_for=(OSError,))(serve)
    provider.upcasts(sell_v2)(in_euro)
    provider.upcasts(sell)(one)
    provider.app.finalize()
    old: Any = provider.app.tasks["shop.sell"]
    assert (old.acks_late, old.max_retries, old.autoretry_for) == (True, 9, (OSError,))


def test_versions_declared_after_finalizing_are_served_too(provider: Provider) -> None:
    provider.app.finalize()
    provider.implements(sell_v3)(serve)
    assert run(provider, "shop.sell_v3", "pen", 1, "EUR")["number"] == 7
