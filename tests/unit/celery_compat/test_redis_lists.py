"""Where a message lies on Redis, as Kombu would put it there; the tests with a broker read and write it."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from kombu.transport import redis, virtual
from redis import ConnectionPool

from taskcontract.celery_compat.redis_lists import RedisLists
from taskcontract.errors import ConfigError

MESSAGE: Any = {
    "body": "[]",
    "priority": 9,
    "content_type": "application/json",
    "content_encoding": "utf-8",
    "headers": {"id": "one"},
    "properties": {},
}


class Offline(redis.Channel):
    """Kombu's channel, which has not asked any Redis whether it is there."""

    def __init__(self) -> None:
        self.global_keyprefix = "p:"
        self.connection: Any = SimpleNamespace(channels=[])
        self.pool_of_none = ConnectionPool()

    @property
    def pool(self) -> Any:
        return self.pool_of_none

    def __del__(self) -> None:
        """There is nothing to close."""


def test_it_is_put_where_kombu_looks() -> None:
    key, text = RedisLists(Offline()).prepare("orders", MESSAGE)
    offline: Any = Offline()
    assert key == "p:" + offline._q_for_pri("orders", 9) != "p:orders"
    properties = json.loads(text)["properties"]
    assert properties["delivery_info"] == {"exchange": "", "routing_key": "orders"}
    assert properties["delivery_tag"]


@pytest.mark.parametrize("name", ["_q_for_pri", "_inplace_augment_message", "_get_message_priority"])
def test_without_one_of_them_no_list_is_used(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(redis.Channel if name == "_q_for_pri" else virtual.Channel, name)
    with pytest.raises(
        ConfigError, match=rf"Channel\.{name}, which is needed for reading what waits on Redis"
    ):
        RedisLists(Offline())


def test_what_is_not_acknowledged_is_found_by_its_route(monkeypatch: pytest.MonkeyPatch) -> None:
    lists = RedisLists(Offline())
    noted = [json.dumps([{"n": n}, "", queue]) for n, queue in enumerate(("orders", "others"))]
    lists.client = SimpleNamespace(hscan_iter=lambda key, count: enumerate(noted))
    assert list(lists.read_unacknowledged("orders")) == ['{"n": 0}']
    monkeypatch.delattr(virtual.Channel, "_lookup")
    monkeypatch.delattr(redis.Channel, "_lookup", raising=False)
    assert list(lists.read_unacknowledged("orders")) == ['{"n": 0}']
