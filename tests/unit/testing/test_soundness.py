"""Unsound adapters are found, each with its place and its smallest example; sound ones pass."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from typing import Annotated, Any

import pytest
from annotated_types import Ge, Len
from celery import Celery
from hypothesis import strategies as st
from pydantic import AfterValidator

from taskcontract import Call, Provider, Service
from taskcontract.errors import ArgumentValueError, ConfigError, UnsoundAdapterError
from taskcontract.testing import check_adapters


class NotSoldError(Exception):
    pass


@dataclass
class Receipt:
    number: int
    total: float


shop = Service("shop")


@shop.task(version="1.0.0", errors=(NotSoldError,))
def sell(item: str, count: int = 1) -> Annotated[int, Ge(0)]: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: Annotated[str, Len(1)], count: int) -> Annotated[int, Ge(0)]: ...


@shop.task(version="3.0.0", supersedes=sell_v2)
def sell_v3(item: str, count: int, *, price: float) -> Receipt: ...


@shop.task(version="1.0.0")
def buy(item: str) -> int: ...


def provide(upcast: Any, downcast: Any = None) -> Provider:
    """A provider of `sell`, adapted to the version that the upcaster's annotation speaks of."""
    provider = Provider(Celery("shop", set_as_current=False), shop)
    if upcast is sound_to_v3:
        provider.upcasts(sell, to=sell_v3)(upcast)
    else:
        provider.upcasts(sell)(upcast)
    if downcast:
        provider.downcasts(sell)(downcast)
    return provider


def sound(item: str, count: int = 1) -> Call[int]:
    """Nameless items are called so."""
    return sell_v2.call(item or "nameless", count)


def sound_to_v3(item: str, count: int = 1) -> Call[Receipt]:
    """Prices are unknown."""
    return sell_v3.call(item, count, price=0.0)


def refusing(item: str, count: int = 1) -> Call[int]:
    """Nameless items are not sold."""
    if not item:
        raise NotSoldError(item)
    return sell_v2.call(item, count)


def number_of(receipt: Receipt) -> int:
    """The number alone; there were no negative ones."""
    return abs(receipt.number)


def test_sound_adapters_pass() -> None:
    check_adapters(provide(sound))
    check_adapters(provide(refusing), sell, examples=30)
    check_adapters(provide(sound_to_v3, number_of), examples=30)


def straight(item: str, count: int = 1) -> Call[int]:
    """Nameless items are forgotten."""
    return sell_v2.call(item, count)


def dividing(item: str, count: int = 1) -> Call[int]:
    """A number of pieces that is 1000 or more is forgotten."""
    return sell_v2.call("x", 1 // max(1000 - count, 0))


def by_position(*args: Any, **kwargs: Any) -> Call[int]:
    """Callers by name are forgotten."""
    return sell_v2.call(args[0] or "x", 1)


def other_default(item: str, count: int = 2) -> Call[int]:
    """A call without a count is another one now."""
    return sell_v2.call("x", count)


def other_task(item: str, count: int = 1) -> Any:
    """A call of another task."""
    return buy.call(item)


def nothing(item: str, count: int = 1) -> Any:
    """It forgets to return the call."""
    sell_v2.call("x", count)


def always_refusing(item: str, count: int = 1) -> Call[int]:
    """Nothing is sold."""
    raise NotSoldError(item)


@pytest.mark.parametrize(
    ("adapter", "example", "fault"),
    [
        (straight, "sell('')", "sell@1.0.0 raised ArgumentValueError: "),
        (dividing, "1000)", "sell@1.0.0 raised ZeroDivisionError: integer division or modulo by zero"),
        (by_position, "sell(item='')", "sell@1.0.0 raised IndexError: "),
        (other_default, "", "its 'count' is 2 where left out, but the binding declares 1"),
        (other_task, "sell('')", "returned a call of buy@1.0.0"),
        (nothing, "sell('')", "returned NoneType instead of a call"),
        (always_refusing, "", "each call that was tried ended in an error"),
    ],
)
def test_an_unsound_upcaster_is_shown_with_its_smallest_example(
    adapter: Any, example: str, fault: str
) -> None:
    with pytest.raises(UnsoundAdapterError) as caught:
        check_adapters(provide(adapter), examples=300)
    lines = str(caught.value).splitlines()
    assert lines[0] == "1 adapter(s) of 'shop' are unsound:"
    assert (
        f"test_soundness.py:{adapter.__code__.co_firstlineno} {adapter.__name__}: the upcaster of" in lines[1]
    )
    assert example in lines[2]
    assert fault in "\n".join(lines[2:])


def signed(receipt: Receipt) -> int:
    """Forgets that there were no negative numbers."""
    return receipt.number


def text(receipt: Receipt) -> Any:
    """Another type."""
    return f"{receipt.number}"


def without_debts(receipt: Receipt) -> int:
    """Forgets the negative totals."""
    if receipt.total < 0:
        raise LookupError("a debt\nof many lines")
    return 0


@pytest.mark.parametrize(
    ("adapter", "example", "fault"),
    [
        (
            signed,
            "Receipt(number=-1, total=0.0) of sell@3.0.0",
            "its callers get -1, but sell@1.0.0 declares",
        ),
        (text, "Receipt(number=0, total=0.0)", "its callers get '0'"),
        (without_debts, "Receipt(number=0, total=-1.0)", "sell@1.0.0 raised LookupError: a debt\n  Fix"),
    ],
)
def test_an_unsound_downcaster_is_shown_with_its_smallest_example(
    adapter: Any, example: str, fault: str
) -> None:
    with pytest.raises(UnsoundAdapterError) as caught:
        check_adapters(provide(sound_to_v3, adapter), examples=300)
    message = str(caught.value)
    assert (
        f"test_soundness.py:{adapter.__code__.co_firstlineno} {adapter.__name__}: the downcaster" in message
    )
    assert example in message
    assert fault in message


def test_a_result_that_needs_a_downcaster_is_shown() -> None:
    with pytest.raises(UnsoundAdapterError, match=r"sell@1\.0\.0, which has no downcaster") as caught:
        check_adapters(provide(sound_to_v3))
    assert "its callers get Receipt(number=0, total=0.0)" in str(caught.value)


@pytest.mark.slow
def test_every_adapter_at_fault_is_told_at_once() -> None:
    provider = provide(straight)
    provider.upcasts(sell_v2)(other_task_v2)
    provider.downcasts(sell_v2)(number_of)
    with pytest.raises(UnsoundAdapterError, match=r"2 adapter\(s\)"):
        check_adapters(provider)
    with pytest.raises(UnsoundAdapterError, match=r"1 adapter\(s\)"):
        check_adapters(provider, sell_v2)


def other_task_v2(item: str, count: int) -> Any:
    """A call of another task."""
    return buy.call(item)


def is_known(item: str) -> str:
    if item not in ("pen-4711", "ink-4712"):
        raise ValueError("unknown")
    return item


def test_types_that_schemas_cannot_tell_need_a_strategy() -> None:
    service = Service("known")

    @service.task(version="1.0.0")
    def order(item: Annotated[str, AfterValidator(is_known)]) -> int: ...

    @service.task(version="2.0.0", supersedes=order)
    def order_v2(item: str, count: int) -> int: ...

    def one(item: str) -> Call[int]:
        """One piece."""
        return order_v2.call(item, 1)

    provider = Provider(Celery("known", set_as_current=False), service)
    provider.upcasts(order)(one)
    with pytest.raises(UnsoundAdapterError, match=r"no call of order@1\.0\.0 could be drawn"):
        check_adapters(provider)
    check_adapters(provider, strategies={order: {"item": st.sampled_from(["pen-4711", "ink-4712"])}})
    with pytest.raises(ArgumentValueError, match="parameter 'item'"):
        check_adapters(provider, strategies={order: {"item": st.just("pen")}})
    with pytest.raises(ConfigError, match=r"'x' is not a result of order@2\.0\.0"):
        check_adapters(
            provider, strategies={order: {"item": st.just("pen-4711")}, order_v2: {"return": st.just("x")}}
        )


def test_a_version_without_an_upcaster_cannot_be_checked() -> None:
    with pytest.raises(ConfigError, match=r"sell@2\.0\.0 has no upcaster"):
        check_adapters(provide(sound), sell_v2)


@pytest.mark.process
def test_a_worker_never_imports_hypothesis() -> None:
    tests_own = "{'hypothesis', 'taskcontract.testing'}"
    code = f"import sys, pusher.tasks; sys.exit(not {tests_own}.isdisjoint(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_without_hypothesis_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(ConfigError, match=r"taskcontract\[testing\]"):
        check_adapters(provide(sound))
