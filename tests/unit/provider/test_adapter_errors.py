"""What adapters raise: final answers, or mistakes that are named. Neither repeats the implementation."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Ignore, Reject, SoftTimeLimitExceeded

from taskcontract import Call, Provider, Service
from taskcontract.errors import ProviderError


class OldError(Exception):
    """What v1 declares."""


class MiddleError(ValueError):
    """What v2 declares."""


class NewError(Exception):
    """What v3 declares."""


shop = Service("shop")


@shop.task(version="1.0.0", errors=(OldError,))
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell, errors=(MiddleError, ValueError))
def sell_v2(item: str) -> int: ...


@shop.task(version="3.0.0", supersedes=sell_v2, errors=(NewError,))
def sell_v3(item: str) -> int: ...


runs: list[str] = []


@pytest.fixture(autouse=True)
def no_runs() -> None:
    runs.clear()


def provide(where: str, error: Exception | None) -> Provider:
    """A provider that raises `error` in one place: up, down, mapping or serving."""
    provider = Provider(Celery("shop", set_as_current=False), shop)

    def raising(place: str) -> None:
        runs.append(place)
        if place == where and error is not None:
            raise error

    @provider.implements(sell_v3, autoretry_for=(Exception,), max_retries=3, default_retry_delay=0)
    def serve(item: str) -> int:
        raising("serving")
        if where == "mapping":
            raise NewError(item)
        return 1

    @provider.upcasts(sell)
    def v1_up(item: str) -> Call[int]:
        """No change."""
        return sell_v2.call(item)

    @provider.upcasts(sell_v2)
    def v2_up(item: str) -> Call[int]:
        """No change."""
        raising("up")
        return sell_v3.call(item)

    @provider.downcasts(sell_v2)
    def v2_down(result: int) -> int:
        """No change."""
        raising("down")
        return result

    @provider.maps_error(sell_v2, NewError)
    def v2_error(error: NewError) -> MiddleError:
        """Another name."""
        raising("mapping")
        return MiddleError("returned")

    @provider.maps_error(sell, ValueError)
    def v1_error(error: ValueError) -> OldError:
        """Another name."""
        return OldError(f"v1: {error}")

    return provider


def call(provider: Provider, name: str) -> Any:
    return provider.app.tasks[name].apply(("pen",)).get()


@pytest.mark.parametrize(("where", "served"), [("up", 0), ("down", 1), ("mapping", 4)])
def test_a_declared_error_is_an_answer_that_is_never_tried_again(where: str, served: int) -> None:
    """Four times where the implementation's own error is tried again; the adapter's never is."""
    answer = MiddleError("no")
    provider = provide(where, answer)
    provider.check()
    with pytest.raises(MiddleError) as caught:
        call(provider, "shop.sell_v2")
    assert caught.value is answer
    assert "AdapterAnswer" not in repr(answer.__context__)
    assert runs.count("serving") == served
    runs.clear()
    # Still older callers get it as they know it.
    with pytest.raises(OldError, match="v1: no") as told:
        call(provider, "shop.sell")
    assert told.value.__cause__ is answer or where == "mapping"
    assert runs.count("serving") == served


@pytest.mark.parametrize(
    ("where", "what", "served"),
    [("up", "upcaster", 0), ("down", "downcaster", 1), ("mapping", "error adapter", 4)],
)
@pytest.mark.parametrize("name", ["shop.sell_v2", "shop.sell"])
def test_a_mistake_of_an_adapter_s_is_named_and_never_tried_again(
    where: str, what: str, served: int, name: str
) -> None:
    mistake = KeyError("q")
    provider = provide(where, mistake)
    with pytest.raises(ProviderError) as caught:
        call(provider, name)
    assert caught.value.what == f"the {what} of sell@2.0.0 raised KeyError: 'q'"
    assert f"{__file__}:" in caught.value.where
    assert "sell@2.0.0 declares" in caught.value.do
    assert caught.value.__cause__ is mistake
    assert runs.count("serving") == served


def test_our_own_refusal_is_a_mistake_though_it_is_a_value_error() -> None:
    """v2 declares ValueError, which a call with a wrong argument raises too."""
    wrong: Any = 5
    provider = Provider(Celery("shop", set_as_current=False), shop)

    def up(item: str) -> Call[int]:
        """A wrong argument."""
        return sell_v3.call(wrong)

    provider.implements(sell_v3)(lambda item: 1)
    provider.upcasts(sell_v2)(up)
    with pytest.raises(ProviderError, match=r"sell@2\.0\.0 raised ArgumentValueError: parameter 'item'"):
        call(provider, "shop.sell_v2")


@pytest.mark.parametrize("where", ["up", "down", "mapping"])
@pytest.mark.parametrize("sign", [Ignore(), Reject("no"), SoftTimeLimitExceeded()], ids=repr)
def test_celery_s_own_signs_pass(where: str, sign: Exception) -> None:
    provider = provide(where, sign)
    provider.app.finalize()
    task: Any = provider.app.tasks["shop.sell_v2"]
    task.autoretry_for = ()
    with pytest.raises(type(sign)):
        task.run("pen")


def test_a_declared_error_of_the_implementation_is_still_tried_again() -> None:
    provider = provide("serving", NewError("busy"))
    with pytest.raises(OldError, match="v1: returned"):
        call(provider, "shop.sell")
    assert runs.count("serving") == 4
    assert runs.count("mapping") == 1
