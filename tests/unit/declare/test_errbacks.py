# mypy: disable-error-code="empty-body"
"""An errback of a declared task takes what Celery sends it, or is refused where it is linked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from celery import Celery, chain, chord, group, signature

from taskcontract import Carried, Service
from taskcontract.errors import ArgumentTypeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

shop = Service(
    "shop", queue=f"shop-{uuid4().hex}", carries=(Carried("tenant", str, keyword="_tenant", required=False),)
)


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@shop.task(version="1.0.0")
def total(sold: list[int]) -> int: ...


@shop.task(version="1.0.0")
def note(task_id: str, shelf: str = "") -> None: ...


@shop.task(version="1.0.0")
def count(number: int) -> None: ...


bank = Service("bank", queue="bank-of-errbacks")


@bank.task(version="1.0.0")
def pay(amount: int) -> None: ...


@shop.task(version="1.0.0")
def as_celery_s(request: object, exc: object, traceback: object) -> None: ...


LINKED: dict[str, Callable[[Any], Any]] = {
    "an option": lambda errback: sell.apply_async(("pen",), link_error=errback),
    "one of several": lambda errback: sell.apply_async(("pen",), link_error=[note.s(), errback]),
    "a signature's option": lambda errback: sell.signature(("pen",), link_error=errback),
    "link_error": lambda errback: sell.s("pen").link_error(errback),
    "on_error": lambda errback: sell.s("pen").on_error(errback),
    "set, then sent": lambda errback: sell.s("pen").set(link_error=errback).delay(),
    "a chain's": lambda errback: chain(sell.si("pen"), sell.si("cup")).apply_async(link_error=errback),
    "in a group": lambda errback: group(sell.s("pen").on_error(errback)).delay(),
    "a chord's body": lambda errback: chord([sell.s("pen")], total.s().on_error(errback)).delay(),
}
ONLY_LINKED = ("a signature's option", "link_error", "on_error")
"""What makes a signature and sends nothing."""
GOOD: dict[str, Callable[[Celery], Any]] = {
    "its id": lambda app: note.s(),
    "its id and a keyword": lambda app: note.s(shelf="A"),
    "its id and an argument": lambda app: note.s("A"),
    "complete": lambda app: count.si(3),
    "a map": lambda app: pay.map([1, 2]),
    "without bindings": lambda app: signature("their.errback", app=app),
}
WRONG: dict[str, Callable[[], Any]] = {
    "another type": lambda: count.s(),
    "three parameters": lambda: as_celery_s.s(),
    "one too many": lambda: note.s("A", "B"),
}


@pytest.fixture
def app() -> Iterator[Celery]:
    app = Celery("checkout", broker="memory://", backend="cache+memory://", set_as_current=False)
    shop.use(app)
    bank.use(app)
    yield app
    shop.app = bank.app = None
    app.close()


def waiting(app: Any) -> bool:
    with app.connection_for_read() as connection:
        return connection.default_channel.basic_get(shop.queue, no_ack=True) is not None


@pytest.mark.parametrize("link", LINKED.values(), ids=LINKED)
@pytest.mark.parametrize("errback", WRONG.values(), ids=WRONG)
def test_an_errback_that_cannot_run_is_refused(
    app: Celery, link: Callable[[Any], Any], errback: Callable[[], Any]
) -> None:
    with pytest.raises(ArgumentTypeError, match="cannot be an errback"):
        link(errback())
    assert not waiting(app)


@pytest.mark.parametrize("how", LINKED)
@pytest.mark.parametrize("errback", GOOD.values(), ids=GOOD)
def test_an_errback_that_can_run_is_linked(app: Celery, how: str, errback: Callable[[Celery], Any]) -> None:
    assert LINKED[how](errback(app)) is not None
    assert waiting(app) == (how not in ONLY_LINKED)
