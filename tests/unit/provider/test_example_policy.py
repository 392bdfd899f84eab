"""What a binding and an implementation say of calls that are made up."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery

from taskcontract import Call, Provider, Service
from taskcontract.errors import DeclarationError, ProviderError
from taskcontract.model.contract import ProviderState


class Shop:
    """A service with an old version, which is adapted to the new one."""

    def __init__(self, *, bound: bool = True, given: Any = True) -> None:
        shop = Service("shop")

        @shop.task(version="1.0.0")
        def sell(item: str) -> int: ...

        @shop.task(version="2.0.0", supersedes=sell, examples=bound)
        def sell_v2(item: str, count: int) -> int: ...

        self.old, self.new = sell, sell_v2
        self.provider = Provider(Celery("shop", set_as_current=False), shop)

        @self.provider.implements(sell_v2, examples=given)
        def serve(item: str, count: int) -> int:
            return count

        @self.provider.upcasts(sell)
        def one(item: str) -> Call[int]:
            """One piece."""
            return sell_v2.call(item, 1)


@pytest.mark.parametrize(
    ("given", "states"),
    [
        (True, ()),
        ("stock", (ProviderState("stock"),)),
        (["stock", "till"], (ProviderState("stock"), ProviderState("till"))),
        ({"stock": {"size": 3}}, (ProviderState("stock", {"size": 3}),)),
    ],
)
def test_states_are_for_all_versions_that_the_implementation_serves(given: Any, states: Any) -> None:
    shop = Shop(given=given)
    for task in (shop.old, shop.new):
        assert shop.provider.examples_of(task) == (states, "")


@pytest.mark.parametrize(
    ("says", "who"),
    [({"bound": False}, "the binding of sell@2.0.0"), ({"given": False}, "the implementation of sell@2.0.0")],
)
def test_an_old_version_that_leads_to_what_may_not_be_called_is_not_called(says: Any, who: str) -> None:
    shop = Shop(**says)
    for task in (shop.old, shop.new):
        assert shop.provider.examples_of(task).refusal == f"{who} says examples=False"


@pytest.mark.parametrize("given", [None, 3, {"stock": 3}, [3], object()])
def test_what_says_nothing_is_refused_where_it_stands(given: Any) -> None:
    with pytest.raises(ProviderError, match="says neither whether nor in which state"):
        Shop(given=given)


def test_a_binding_says_yes_or_no() -> None:
    with pytest.raises(DeclarationError, match="neither True nor False"):
        Shop(bound="stock")  # type: ignore[arg-type]
