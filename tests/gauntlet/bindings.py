# mypy: disable-error-code="empty-body"
"""A service with a version that is adapted, and one that is refused."""

from __future__ import annotations

from taskcontract import Service

shop = Service("shop", queue="storm")


@shop.task(version="1.0.0")
def price(number: int) -> int: ...


@shop.task(version="2.0.0", supersedes=price)
def price_v2(number: int, rate: int) -> int: ...


@shop.task(version="1.0.0", sunset="2099-12-31")
def fading(name: str) -> None: ...
