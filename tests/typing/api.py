# mypy: disable-error-code="empty-body"
"""What type checkers make of the public API; checked by mypy and pyright, never run.

Each wrong line carries the ignore comments of both checkers: one that is not needed is an error,
so a mistake that a checker no longer finds fails here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, assert_type

from celery import Celery
from kombu import Queue

from taskcontract import Call, Carried, Provider, Result, Service

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
assert_type(sell_v2.apply(("pen", 2), throw=True).get(), Receipt)
assert_type(sell_v2.AsyncResult("id").get(), Receipt)
assert_type(sell_v2.call("pen", 2), Call[Receipt])
assert_type(sell_v2.decode_result({"number": 1}), Receipt)
sell.si("pen")
sell.s()
sell.delay_on_commit("pen")
sell.apply_async_on_commit(("pen",), countdown=3)
assert_type(sell_v2.s("pen", 2).delay().get(), Receipt)
assert_type(sell_v2.si("pen", 2).apply_async().get(), Receipt)
assert_type(sell_v2.signature(("pen",), {"count": 2}, immutable=True, priority=3).delay().get(), Receipt)
assert_type(sell_v2.map(["pen"]).delay().get(), list[Receipt])
assert_type(sell_v2.starmap([("pen", 2)]).delay().get(), list[Receipt])


async def wait() -> None:
    """A result may be waited for in an event loop."""
    assert_type(await sell_v2.delay("pen", 2).aget(timeout=1), Receipt)


# The options of a send are Celery's own, and a task is not called.
sell.apply_async(("pen",), eta=datetime.now(UTC), queue=Queue("q"), link=sell.s(), headers={"trace": 7})
sell.apply_async(("pen",), force=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.apply_async(("pen",), count_down=3)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.apply_async(("pen",), countdown="3")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sell.apply_async(("pen",), throw=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.signature(("pen",), force=True)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.delay_on_commit(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sell("pen")  # type: ignore[operator]  # pyright: ignore[reportCallIssue]
sell.delay(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
sell.delay()  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.delay("pen", colour="red")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell_v2.call("pen")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
sell.si(b"pen")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# What is carried has its type, for who fills it in and who reads it.
tenant = Carried("tenant", int, keyword="_tenant")
rooms = Service("rooms", carries=(tenant, Carried("locale", str, header="X-Locale", required=False)))
assert_type(tenant.read(), int)
assert_type(tenant.read(None), int | None)


@tenant.fill
def current_tenant() -> int:
    return 7


assert_type(current_tenant(), int)


@tenant.fill  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def tenant_by_name() -> str:
    """Wrong: it is a number."""
    return "acme"


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


@shop.task(version="3.0.0", supersedes=sell_v2)
def sell_v3(item: str, count: int, place: str) -> list[Receipt]: ...


# Two steps up and down: each adapter knows its neighbours' types alone.
@provider.upcasts(sell_v2)
def in_berlin(item: str, count: int) -> Call[list[Receipt]]:
    """From the one place that there was."""
    return sell_v3.call(item, count, "Berlin")


@provider.downcasts(sell_v2)
def first_of(receipts: list[Receipt]) -> Receipt:
    """There was one receipt."""
    return receipts[0]


assert_type(in_berlin("pen", 1), Call[list[Receipt]])
assert_type(first_of([Receipt(1)]), Receipt)


@provider.upcasts(sell_v2)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_the_version_below(item: str) -> Call[Receipt]:
    """Wrong: v2 has a count."""
    return sell_v2.call(item, 1)


@provider.upcasts(sell)
def with_a_wrong_argument(item: str) -> Call[Receipt]:
    """Wrong: the new call's arguments are checked as any call's."""
    return sell_v2.call(item, "1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# Past the next version: named, it is compared.
@provider.upcasts(sell, to=sell_v3)
def straight_to_v3(item: str) -> Call[list[Receipt]]:
    """One piece, from the one place that there was."""
    return sell_v3.call(item, 1, "Berlin")


assert_type(straight_to_v3("pen"), Call[list[Receipt]])


@provider.upcasts(sell, to=sell_v3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_another_target(item: str) -> Call[Receipt]:
    """Wrong: v3 is named, and v2 called."""
    return sell_v2.call(item, 1)


@provider.upcasts(sell, to=sell_v3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_another_signature_to_v3(item: int) -> Call[list[Receipt]]:
    """Wrong: v1 takes text."""
    return sell_v3.call("pen", item, "Berlin")


provider.upcasts(sell, to="sell_v3")  # type: ignore[call-overload]  # pyright: ignore[reportArgumentType]


@provider.downcasts(sell, to=sell_v3)
def first_number_of(receipts: list[Receipt]) -> int:
    """The first one's number alone."""
    return receipts[0].number


assert_type(first_number_of([Receipt(1)]), int)


@provider.downcasts(sell, to=sell_v3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def number_of_one(receipt: Receipt) -> int:
    """Wrong: v3 returns many."""
    return receipt.number


@provider.downcasts(sell, to=sell_v3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def text_of_many(receipts: list[Receipt]) -> str:
    """Wrong: v1 returned a number."""
    return str(receipts)


@provider.downcasts(sell, to=sell_v3)
def count_of(receipts: list[Receipt] | None) -> int:
    """What takes more than v3 returns will do."""
    return len(receipts or ())


class SoldOutError(Exception):
    place = "Berlin"


@provider.maps_error(sell, SoldOutError)
def as_lookup_error(error: SoldOutError) -> LookupError:
    """v1 raised Python's own."""
    return LookupError(error.place)


assert_type(as_lookup_error(SoldOutError()), LookupError)


@provider.maps_error(sell, OSError, ValueError)
def of_either(error: OSError | ValueError) -> LookupError:
    """One function for two errors."""
    return LookupError(str(error))


@provider.maps_error(sell, OSError, ValueError)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_one_alone(error: OSError) -> LookupError:
    """Wrong: it is asked for the other, too."""
    return LookupError(str(error))


@provider.maps_error(sell, OSError, ValueError, SoldOutError)
def of_many(error: Exception) -> LookupError:
    """One function for many errors."""
    return LookupError(str(error))


@provider.maps_error(sell, OSError)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
def of_another_error(error: SoldOutError) -> LookupError:
    """Wrong: it is asked for another error."""
    return LookupError(error.place)


@provider.maps_error(sell, SoldOutError)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType]
def no_error(error: SoldOutError) -> str:
    """Wrong: an error is raised, not told."""
    return error.place


provider.maps_error(sell, "SoldOutError")  # type: ignore[call-overload]  # pyright: ignore[reportCallIssue, reportArgumentType]


@provider.state("an item in stock")
def stocked(item: str) -> None:
    """A state is a function of its parameters."""


assert_type(stocked("pen"), None)
