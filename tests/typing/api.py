# mypy: disable-error-code="empty-body"
"""What type checkers make of the public API; checked by mypy and pyright, never run.

Each wrong line carries the ignore comments of both checkers: one that is not needed is an error,
so a mistake that a checker no longer finds fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_type

from celery import Celery

from taskcontract import Call, Provider, Result, Service

app = Celery("shop")
shop = Service("shop", queue="shop")


@dataclass
class Receipt:
    number: int


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> Receipt: ...


# A consumer's calls are checked like calls of the function.
assert_type(sell.delay("pen"), Result[int])
assert_type(sell.delay("pen").get(), int)
assert_type(sell_v2.delay("pen", count=2).get(timeout=5), Receipt)
assert_type(sell_v2.apply_async(("pen", 2), queue="shop").get(), Receipt)
assert_type(sell_v2.call("pen", 2), Call[Receipt])
assert_type(sell_v2.decode_result({"number": 1}), Receipt)
sell.si("pen")
sell.s()
sell.delay(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sell.delay()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.delay("pen", colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell_v2.call("pen")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.si(b"pen")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

provider = Provider(app, shop)


@provider.implements(sell_v2)
def serve(item: str, count: int) -> Receipt:
    return Receipt(count)


assert_type(serve("pen", 1), Receipt)


@provider.implements(sell_v2, bind=True, max_retries=3)
def serve_bound(self: Any, item: str, count: int) -> Receipt:
    return Receipt(count)


@provider.implements(sell_v2)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def serve_reordered(count: int, item: str) -> Receipt:
    return Receipt(count)


@provider.implements(sell_v2)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def serve_less(item: str, count: int) -> int:
    return count


@provider.upcasts(sell)
def one(item: str) -> Call[Receipt]:
    """One piece."""
    return sell_v2.call(item, 1)


@provider.upcasts(sell)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_another_signature(item: int) -> Call[Receipt]:
    """Wrong: v1 takes text."""
    return sell_v2.call("pen", item)


@provider.upcasts(sell)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def without_a_call(item: str) -> Receipt:
    """Wrong: an upcaster says what to call."""
    return Receipt(1)


@provider.downcasts(sell)
def number_of(receipt: Receipt) -> int:
    """The number alone."""
    return receipt.number


@provider.downcasts(sell)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def text_of(receipt: Receipt) -> str:
    """Wrong: v1 returned a number."""
    return str(receipt.number)


@provider.state("an item in stock")
def stocked(item: str) -> None:
    """A state is a function of its parameters."""


assert_type(stocked("pen"), None)
