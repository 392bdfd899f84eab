"""What a newer version raises reaches the callers of an old one as an error that they know."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Ignore, Retry

from taskcontract import Call, Provider, Service
from taskcontract.errors import ProviderError, RefusedArgumentsError


class NotSoldError(Exception):
    """All that v1 knows."""


class StockError(Exception):
    """v2's own, with two kinds."""


class SoldOutError(StockError):
    pass


class WarehouseError(Exception):
    """v3 speaks of places."""


shop = Service("shop")


@shop.task(version="1.0.0", errors=(NotSoldError,))
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell, errors=(StockError,))
def sell_v2(item: str, count: int = 1) -> int: ...


@shop.task(version="3.0.0", supersedes=sell_v2, errors=(WarehouseError,))
def sell_v3(item: str, count: int, place: str) -> int: ...


def to_v2(item: str) -> Call[int]:
    """One piece."""
    if not item:
        raise NotSoldError("there is no nameless item")
    return sell_v2.call(item, 0 if item == "none" else 1)


def to_v3(item: str, count: int = 1) -> Call[int]:
    """From the one place that there was."""
    if count < 1:
        raise StockError("nothing asked")
    return sell_v3.call(item, count, "Berlin")


def lower(error: WarehouseError) -> SoldOutError:
    """v2 knew no places."""
    return SoldOutError(f"sold out: {error}")


def lowest(error: StockError) -> NotSoldError:
    """v1 had one error for all."""
    return NotSoldError(f"not sold: {error}")


def provide(error: Exception | None, **options: Any) -> Provider:
    """A provider whose implementation, of v3, raises `error`."""
    provider = Provider(Celery("shop", set_as_current=False), shop)

    def serve(item: str, count: int, place: str) -> int:
        runs.append(item)
        if error:
            raise error
        return count

    provider.implements(sell_v3, **options)(serve)
    provider.upcasts(sell_v2)(to_v3)
    provider.upcasts(sell)(to_v2)
    return provider


runs: list[str] = []


@pytest.fixture(autouse=True)
def no_runs() -> None:
    runs.clear()


def call(provider: Provider, name: str, *args: Any) -> Any:
    return provider.app.tasks[name].apply(args).get()


@pytest.mark.parametrize(
    ("name", "args", "error", "text"),
    [
        ("shop.sell_v3", ("pen", 1, "Rome"), WarehouseError, "gate 7"),
        ("shop.sell_v2", ("pen",), SoldOutError, "sold out: gate 7"),
        ("shop.sell", ("pen",), NotSoldError, "not sold: sold out: gate 7"),
        # What an adapter raises is told to the callers of its own version as it is.
        ("shop.sell_v2", ("pen", 0), StockError, "nothing asked"),
        ("shop.sell", ("",), NotSoldError, "there is no nameless item"),
        # What it declares is mapped for still older versions.
        ("shop.sell", ("none",), NotSoldError, "not sold: nothing asked"),
    ],
)
def test_each_version_raises_what_it_knows(
    name: str, args: tuple[Any, ...], error: type[Exception], text: str
) -> None:
    provider = provide(WarehouseError("gate 7"))
    provider.maps_error(sell_v2, WarehouseError)(lower)
    provider.maps_error(sell, StockError)(lowest)
    provider.check()
    with pytest.raises(error) as caught:
        call(provider, name, *args)
    assert str(caught.value) == text


def test_the_error_behind_a_mapped_one_is_its_cause() -> None:
    provider = provide(WarehouseError("gate 7"))
    provider.maps_error(sell_v2, WarehouseError)(lower)
    with pytest.raises(SoldOutError) as caught:
        call(provider, "shop.sell_v2", "pen")
    assert isinstance(caught.value.__cause__, WarehouseError)


def test_the_nearest_class_decides_and_others_pass() -> None:
    def general(error: Exception) -> StockError:
        """Anything else."""
        return StockError("general")

    provider = provide(WarehouseError("gate 7"))
    provider.maps_error(sell_v2, Exception)(general)
    provider.maps_error(sell_v2, WarehouseError)(lower)
    with pytest.raises(SoldOutError):
        call(provider, "shop.sell_v2", "pen")
    provider = provide(KeyError("gate 7"))
    provider.maps_error(sell_v2, WarehouseError)(lower)
    with pytest.raises(KeyError):
        call(provider, "shop.sell_v2", "pen")


def test_autoretry_looks_for_the_errors_of_the_implementation() -> None:
    provider = provide(WarehouseError("gate 7"), autoretry_for=(WarehouseError,), max_retries=2)
    provider.maps_error(sell_v2, WarehouseError)(lower)
    provider.maps_error(sell, StockError)(lowest)
    with pytest.raises(NotSoldError):
        call(provider, "shop.sell", "pen")
    assert runs == ["pen"] * 3


@pytest.mark.parametrize("sign", [Ignore(), Retry(), RefusedArgumentsError("no")])
def test_signs_and_refusals_are_never_mapped(sign: Exception) -> None:
    def general(error: Exception) -> StockError:
        """Anything else."""
        return StockError("general")

    provider = provide(sign)
    provider.maps_error(sell_v2, Exception)(general)
    with pytest.raises(type(sign)):
        provider.app.tasks["shop.sell_v2"].run("pen")
    with pytest.raises(ProviderError, match=rf"{type(sign).__name__} has an adapter for sell@2\.0\.0"):
        provider.maps_error(sell_v2, type(sign))(general)


def wrong(error: Exception) -> Exception:
    """An error that v1 does not declare."""
    return KeyError("x")


def none(error: Exception) -> Any:
    """No error at all."""


@pytest.mark.parametrize(
    ("adapter", "fact"),
    [(wrong, "KeyError for SoldOutError, instead of NotSoldError"), (none, "NoneType for SoldOutError")],
)
def test_an_adapter_that_gives_no_error_of_its_version_is_named(adapter: Any, fact: str) -> None:
    provider = provide(WarehouseError("gate 7"))
    provider.maps_error(sell_v2, WarehouseError)(lower)
    provider.maps_error(sell, StockError)(adapter)
    with pytest.raises(ProviderError, match=fact) as caught:
        call(provider, "shop.sell", "pen")
    assert adapter.__name__ in caught.value.where


def test_an_error_has_one_adapter_with_a_docstring() -> None:
    provider = provide(None)
    provider.maps_error(sell, StockError)(lowest)
    with pytest.raises(ProviderError, match=r"sell@1\.0\.0 has two adapters of StockError"):
        provider.maps_error(sell, StockError)(lowest)
    with pytest.raises(ProviderError, match=r"the error adapter of sell@1\.0\.0 has no docstring"):
        provider.maps_error(sell, SoldOutError)(lambda error: NotSoldError())


def test_something_is_mapped() -> None:
    provider = provide(None)
    with pytest.raises(ProviderError, match=r"maps_error\(sell\) names no error"):
        provider.maps_error(sell)
    number: Any = int
    with pytest.raises(ProviderError, match="int has an adapter"):
        provider.maps_error(sell, number)(lowest)


def test_one_function_may_serve_for_several_errors() -> None:
    provider = provide(KeyError("gate 7"))

    def either(error: KeyError | IndexError) -> StockError:
        """Anything that is missing."""
        return StockError("missing")

    provider.maps_error(sell_v2, IndexError, KeyError)(either)
    with pytest.raises(StockError, match="missing"):
        call(provider, "shop.sell_v2", "pen")


def test_an_error_that_old_callers_do_not_know_is_a_broken_promise() -> None:
    provider = provide(None)
    with pytest.raises(ProviderError) as caught:
        provider.check()
    assert "2 promise(s)" in str(caught.value)
    assert "sell@3.0.0 may raise WarehouseError, which the callers of sell@2.0.0 do not know" in str(
        caught.value
    )
    assert "add @provider.maps_error(sell, StockError)" in str(caught.value)
    provider.maps_error(sell_v2, WarehouseError)(lower)
    provider.maps_error(sell, Exception)(wrong)
    provider.check()
