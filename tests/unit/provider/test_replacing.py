"""A bound implementation replaces its call only by what answers old callers as they are promised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, Task, chain, group
from celery.exceptions import Ignore

from taskcontract import Call, Provider, Service
from taskcontract.errors import ProviderError

if TYPE_CHECKING:
    from celery.canvas import Signature

shop = Service("shop")


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str) -> str: ...


@shop.task(version="1.0.0")
def buy(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=buy)
def buy_v2(item: str, count: int) -> int: ...


def up(item: str) -> Call[str]:
    """The same."""
    return sell_v2.call(item)


def down(result: str) -> int:
    """Its length."""
    return len(result)


def buy_one(item: str) -> Call[int]:
    """One piece."""
    return buy_v2.call(item, 1)


def as_lookup(error: KeyError) -> LookupError:
    """Another name."""
    return LookupError()


replaced: list[str] = []


class Replacing(Task):
    """Notes what takes its place, which an eager call would run at once."""

    abstract = True

    def on_replace(self, sig: Any) -> Any:
        replaced.append(sig.task)
        raise Ignore


def provide(replacement: Signature[Any]) -> Provider:
    provider = Provider(Celery("shop", set_as_current=False), shop)

    @provider.implements(sell_v2, bind=True, base=Replacing, autoretry_for=(Exception,))
    def serve(self: Any, item: str) -> str:
        replaced: str = self.replace(replacement) if item == "replace" else item
        return replaced

    @provider.implements(buy_v2, bind=True, base=Replacing)
    def serve_buy(self: Any, item: str, count: int) -> int:
        replaced: int = self.replace(replacement) if item == "replace" else count
        return replaced

    provider.upcasts(sell)(up)
    provider.downcasts(sell)(down)
    provider.upcasts(buy)(buy_one)
    provider.check()
    shop.use(provider.app)
    return provider


@pytest.fixture(autouse=True)
def no_app() -> Any:
    yield
    shop.app = None


@pytest.mark.parametrize(
    "make",
    [
        lambda: sell_v2.si("x"),
        lambda: chain(sell.si("x"), sell.si("y")),
        lambda: group([sell.si("x")]),
        lambda: buy.si("x"),
        lambda: None,
    ],
    ids=["newer", "chain", "group", "another", "nothing"],
)
def test_another_task_s_answer_never_reaches_old_callers(make: Any) -> None:
    provider = provide(make())
    with pytest.raises(ProviderError, match=r"a call of sell@1\.0\.0 cannot be replaced by") as caught:
        provider.app.tasks["shop.sell"].apply(("replace",)).get()
    assert "self.retry()" in caught.value.do


def test_the_same_version_and_what_nobody_adapts_may_take_its_place() -> None:
    replaced.clear()
    provide(sell.si("four")).app.tasks["shop.sell"].apply(("replace",))
    provide(sell_v2.si("four")).app.tasks["shop.sell_v2"].apply(("replace",))
    # Neither results nor errors of `buy` are adapted.
    provider = provide(buy_v2.si("pen", 7))
    provider.app.tasks["shop.buy"].apply(("replace",))
    assert replaced == ["shop.sell", "shop.sell_v2", "shop.buy_v2"]
    provider.maps_error(buy, KeyError)(as_lookup)
    with pytest.raises(ProviderError, match=r"a call of buy@1\.0\.0 cannot be replaced by shop\.buy_v2"):
        provider.app.tasks["shop.buy"].apply(("replace",)).get()
