"""An old version shares the rate limit of what serves it, whoever sets that."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery

from taskcontract import Call, Provider, Service
from taskcontract.safety_net.consumer import find_consumer

shop = Service("shop")


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int) -> int: ...


def one(item: str) -> Call[int]:
    """One piece."""
    return sell_v2.call(item, 1)


@pytest.mark.parametrize(
    ("declared", "set_on", "is_shared"),
    [
        ("10/s", {}, True),
        (None, {}, True),
        ("10/s", {"shop.sell_v2": "1/m"}, True),
        (None, {"shop.sell_v2": "1/m"}, True),
        ("10/s", {"shop.sell": "1/m"}, False),
        ("10/s", {"shop.sell": "1/m", "shop.sell_v2": "2/m"}, False),
    ],
)
def test_the_limit_of_what_serves_them_holds_for_all(
    declared: str | None, set_on: dict[str, str], is_shared: bool
) -> None:
    app = Celery("shop", set_as_current=False)
    provider = Provider(app, shop)
    provider.implements(sell_v2, rate_limit=declared)(lambda item, count: count)
    provider.upcasts(sell)(one)
    app.finalize()
    safe: Any = find_consumer("celery.worker.consumer:Consumer")
    consumer: Any = safe.__new__(safe)
    consumer.app = app
    consumer.task_buckets = {}
    for name, limit in set_on.items():  # as remote control does
        app.tasks[name].rate_limit = limit
    consumer.reset_rate_limits()
    old, new = consumer.task_buckets["shop.sell"], consumer.task_buckets["shop.sell_v2"]
    assert (old is new) is is_shared
    assert (new is not None) is bool(declared or "shop.sell_v2" in set_on)
