"""Tasks that were there before their bindings: what is taken, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery, Task

from taskcontract import Provider, Service
from taskcontract.errors import ProviderError


def make_app() -> tuple[Celery, Service, Provider]:
    """Return an app with a provider of a service."""
    app = Celery("shop", broker="memory://", set_as_current=False)
    service = Service("shop")
    return app, service, Provider(app, service)


def test_a_task_keeps_its_name_and_its_options() -> None:
    app, service, provider = make_app()

    @app.task(shared=False, name="shop.pay", bind=True, acks_late=True, max_retries=7)
    def pay(self: Any, order: int) -> str:
        return f"{self.name} {order}"

    @service.task(version="1.0.0")
    def pay_binding(order: int) -> str: ...

    @service.task(version="1.1.0", name="shop.pay")
    def bound(order: int) -> str: ...

    with pytest.raises(ProviderError, match=r"is called 'shop\.pay_binding', and .* it 'shop\.pay'"):
        provider.implements(pay_binding)(pay)
    assert provider.implements(bound)(pay) is pay
    served: Any = app.tasks["shop.pay"]
    assert (served.acks_late, served.max_retries) == (True, 7)
    assert served.apply((3,)).get() == "shop.pay 3"
    assert "order" in str(served.apply(("x",)).result)


def test_an_instance_of_a_task_class_is_taken() -> None:
    app, service, provider = make_app()

    class Clean(Task):
        name = "shop.clean"
        rate = 5

        def run(self, days: int) -> int:
            return days * self.rate

    @service.task(version="1.0.0")
    def clean(days: int) -> int: ...

    provider.implements(clean)(app.register_task(Clean()))
    assert app.tasks["shop.clean"].apply((2,)).get() == 10
    provider.check()


def test_what_does_not_fit_is_refused() -> None:
    app, service, provider = make_app()

    @app.task(shared=False, name="shop.pay")
    def pay(order: int, *, currency: str) -> str:
        return f"{order} {currency}"

    @service.task(version="1.0.0", name="shop.pay")
    def bound(order: int) -> str: ...

    with pytest.raises(ProviderError, match="does not take the calls of bound"):
        provider.implements(bound)(pay)
    with pytest.raises(ProviderError, match="acks_late= has no effect"):
        provider.implements(bound, acks_late=True)(pay)
    other = Celery("other", broker="memory://", set_as_current=False)

    @other.task(shared=False, name="shop.pay_elsewhere")
    def elsewhere(order: int) -> str:
        return str(order)

    @service.task(version="1.0.0")
    def pay_elsewhere(order: int) -> str: ...

    with pytest.raises(ProviderError, match="is not registered in the provider's app"):
        provider.implements(pay_elsewhere)(elsewhere)
