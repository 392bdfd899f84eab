"""Error adapters are tried with errors of each class that may come to them."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Ignore
from hypothesis import strategies as st

from taskcontract import Call, Provider, Service
from taskcontract.errors import ConfigError, UnsoundAdapterError
from taskcontract.testing import check_adapters


class OldError(Exception):
    """All that v1 knows."""


class TwoError(OldError):
    """It wants two arguments, and keeps one text."""

    def __init__(self, place: str, number: int) -> None:
        super().__init__(f"{place} {number}")


class PlainError(Exception):
    """It takes any arguments."""


class StockError(Exception):
    """It says how many are there."""

    def __init__(self, item: str, left: int, *, place: str = "Berlin") -> None:
        super().__init__(item, left)
        self.left = left
        self.place = place


@dataclass
class FieldsError(Exception):
    left: int


class LockError(Exception):
    """No argument of it has a JSON form."""

    def __init__(self, lock: threading.Event) -> None:
        super().__init__()
        self.lock = lock


class PickyError(Exception):
    """It refuses what its type allows."""

    def __init__(self, text: str) -> None:
        raise ValueError(text)


shop = Service("shop")


@shop.task(version="1.0.0", errors=(OldError,))
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str) -> int: ...


@shop.task(version="3.0.0", supersedes=sell_v2, errors=(PlainError,))
def sell_v3(item: str) -> int: ...


def to_v2(item: str) -> Call[int]:
    """No change."""
    return sell_v2.call(item)


def to_v3(item: str) -> Call[int]:
    """No change."""
    return sell_v3.call(item)


def as_text(error: Exception) -> OldError:
    """There was one error."""
    return OldError(str(error))


def provide(error: type[Exception], adapter: Any) -> Provider:
    provider = Provider(Celery("shop", set_as_current=False), shop)
    provider.upcasts(sell)(to_v2)
    provider.maps_error(sell, error)(adapter)
    return provider


@pytest.mark.parametrize("error", [PlainError, StockError, FieldsError, KeyError, OSError, Exception])
def test_a_sound_error_adapter_passes(error: type[Exception]) -> None:
    seen: list[Exception] = []

    def noting(error: Exception) -> OldError:
        """There was one error."""
        seen.append(error)
        return OldError(str(error))

    check_adapters(provide(error, noting), examples=30)
    assert {type(each) for each in seen} == {error}
    assert len({str(each) for each in seen}) > 3


def of_another_class(error: Exception) -> Any:
    """v1 does not know it."""
    return KeyError("x")


def none(error: Exception) -> Any:
    """It forgets to return."""


def of_debts(error: StockError) -> OldError:
    """It knows no debts."""
    if error.left < 0:
        raise LookupError("a debt")
    return OldError(error.left)


def raising_debts(error: StockError) -> OldError:
    """A declared error that is raised counts as one returned."""
    if error.left < 0:
        raise OldError("a debt")
    return OldError(error.left)


def of_an_object(error: PlainError) -> OldError:
    """It sends what JSON has no form for."""
    return OldError(object)


def of_two(error: PlainError) -> OldError:
    """An error that cannot be built again."""
    return TwoError("here", 1)


def local(error: PlainError) -> OldError:
    """An error that nobody can import."""

    class LocalError(OldError):
        pass

    return LocalError()


def ignoring(error: PlainError) -> OldError:
    """A sign of Celery's."""
    raise Ignore


UNSOUND: list[tuple[type[Exception], Any, str, str]] = [
    (
        PlainError,
        of_another_class,
        "PlainError() of",
        "returned KeyError for PlainError, instead of OldError",
    ),
    (PlainError, none, "PlainError() of", "returned NoneType for PlainError"),
    (
        StockError,
        of_debts,
        "StockError('', -1) of",
        "the error adapter of sell@1.0.0 raised LookupError: a debt",
    ),
    (PlainError, of_an_object, "PlainError() of", "cannot be sent as JSON"),
    (
        PlainError,
        of_two,
        "PlainError() of",
        "TwoError(*error.args) fails at the caller, who gets no TwoError: ",
    ),
    (
        PlainError,
        local,
        "PlainError() of",
        "cannot be pickled in the worker, so that its callers get no LocalE",
    ),
    (PlainError, ignoring, "PlainError() of", "it raised Ignore"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("error", "adapter", "example", "fault"), UNSOUND)
def test_an_unsound_one_is_shown_with_its_smallest_example(
    error: type[Exception], adapter: Any, example: str, fault: str
) -> None:
    with pytest.raises(UnsoundAdapterError, match=r"1 adapter\(s\)") as caught:
        check_adapters(provide(error, adapter), examples=300)
    lines = str(caught.value).splitlines()
    assert f"{adapter.__code__.co_firstlineno} {adapter.__name__}: " in lines[1]
    assert lines[1].endswith(f"the adapter of {error.__name__} for sell@1.0.0")
    assert lines[2].strip().startswith(example + " sell@2.0.0")
    assert fault in lines[3]


def test_a_declared_error_that_is_raised_is_sound() -> None:
    check_adapters(provide(StockError, raising_debts))


@pytest.mark.slow
def test_errors_that_pass_the_next_version_are_tried_too() -> None:
    provider = provide(Exception, of_another_class)
    provider.upcasts(sell_v2)(to_v3)
    with pytest.raises(UnsoundAdapterError, match="the adapter of PlainError for sell") as caught:
        check_adapters(provider, sell)
    assert "PlainError() of sell@2.0.0" in str(caught.value)


@pytest.mark.parametrize("error", [LockError, PickyError, UnicodeDecodeError])
def test_what_cannot_be_drawn_needs_a_strategy(error: type[Exception]) -> None:
    provider = provide(error, as_text)
    with pytest.raises(
        UnsoundAdapterError, match=f"no {error.__name__} of sell@2.0.0 could be drawn"
    ) as caught:
        check_adapters(provider)
    assert f"strategies={{sell_v2: {{{error.__name__}: ...}}}}" in str(caught.value)
    with pytest.raises(UnsoundAdapterError, match=error.__name__):
        check_adapters(provider, strategies={sell_v2: {PlainError: st.builds(PlainError)}})


def test_a_strategy_replaces_what_the_types_say() -> None:
    ups = st.builds(StockError, st.just("pen"), st.integers(min_value=0))
    check_adapters(provide(StockError, of_debts), strategies={sell_v2: {StockError: ups}})
    with pytest.raises(ConfigError, match=r"PlainError\(\) is not a StockError"):
        check_adapters(
            provide(StockError, of_debts), strategies={sell_v2: {StockError: st.builds(PlainError)}}
        )
    check_adapters(
        provide(LockError, as_text),
        strategies={sell_v2: {LockError: st.builds(LockError, st.builds(threading.Event))}},
    )
