# mypy: disable-error-code="empty-body"
"""Whichever way a call runs in this process, it carries and raises what its message would."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, Task, chain

from taskcontract import Carried, Provider, Service

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

tenant = Carried("tenant", str, keyword="_tenant")
shop = Service("shop", carries=(tenant,))


class GoneError(Exception):
    """What the bindings declare."""

    def __init__(self, item: str) -> None:
        super().__init__(item)
        self.item = item


class SoldOutError(GoneError):
    """What the provider alone knows."""


@shop.task(version="1.0.0", errors=(GoneError,))
def sell(item: str) -> str: ...


class TenantTask(Task):
    """Keeps the keyword for itself, as applications do."""

    def __call__(self, *args: Any, _tenant: str, **kwargs: Any) -> Any:
        return super().__call__(*args, **kwargs)


@pytest.fixture
def app() -> Iterator[Celery]:
    app = Celery("shop", broker="memory://", backend="disabled://", set_as_current=False)
    app.conf.task_always_eager = True
    provider = Provider(app, shop)
    tenant.fill(lambda: "acme")
    shop.use(app)

    @provider.implements(sell, base=TenantTask)
    def serve(item: str) -> str:
        if item == "none":
            raise SoldOutError(item)
        return f"{item} for {tenant.read()}"

    yield app
    shop.app = None


def propagating(app: Celery, send: Callable[[], Any]) -> Any:
    app.conf.task_eager_propagates = True
    return send()


WAYS: dict[str, Callable[[Celery, str], Any]] = {
    "delay": lambda app, item: sell.delay(item).get(),
    "apply": lambda app, item: sell.apply((item,)).get(),
    "apply, thrown": lambda app, item: sell.apply((item,), throw=True).get(),
    "propagating": lambda app, item: propagating(app, lambda: sell.delay(item).get()),
    "a signature": lambda app, item: sell.s(item).delay().get(),
    "a signature, thrown": lambda app, item: sell.s(item).apply(throw=True).get(),
    "a signature that is called": lambda app, item: sell.s(item)(),
    "a chain": lambda app, item: chain(sell.si("pen"), sell.si(item)).delay().get(),
    "a chain, propagating": lambda app, item: propagating(app, chain(sell.si(item), sell.si("pen")).delay),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_declared_error_is_raised_as_it_would_arrive(
    app: Celery, way: Callable[[Celery, str], Any]
) -> None:
    with pytest.raises(GoneError) as raised:
        way(app, "none")
    assert type(raised.value) is GoneError
    assert vars(raised.value) == {"item": "none"}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_what_a_call_carries_is_there(app: Celery, way: Callable[[Celery, str], Any]) -> None:
    done = way(app, "pen")
    assert (done if isinstance(done, str) else done.get()) == "pen for acme"
