"""What the embedded broker needs of kombu's virtual transport."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import pytest
from kombu import Connection, Consumer, Queue
from kombu.transport import virtual

from taskcontract.celery_compat import virtual_transport
from taskcontract.celery_compat.virtual_transport import consumed_queues, deliver_one, priority_of
from taskcontract.errors import ConfigError


def test_messages_are_given_to_the_consumers_of_their_queues() -> None:
    connection: Any
    with Connection("memory://") as connection:
        transport: Any = connection.default_channel.connection
        assert set(consumed_queues(transport)) == set()
        got: list[Any] = []
        queue = Queue("virtual-given")
        consumer = Consumer(
            connection.default_channel, [queue], callbacks=[lambda body, _: got.append(body)], no_ack=True
        )
        with consumer:
            assert set(consumed_queues(transport)) == {"virtual-given"}
            assert not deliver_one(transport)
            connection.Producer().publish({"a": 1}, routing_key="virtual-given", declare=[queue])
            assert deliver_one(transport)
            assert got == [{"a": 1}]
    assert not consumed_queues(virtual.Transport), "one that was never opened"


@pytest.mark.parametrize("lacks", [False, True])
@pytest.mark.parametrize(("said", "found"), [(3, 3), ("4", 4), (99, 9), (-1, 0), (None, 0), ("x", 0)])
def test_a_priority_is_read(said: Any, found: int, lacks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if lacks:
        monkeypatch.delattr(virtual.Channel, "_get_message_priority")
    with Connection("memory://") as connection:
        assert priority_of(connection.default_channel, {"properties": {"priority": said}}) == found
        assert priority_of(connection.default_channel, {"properties": {}}) == 0


@pytest.mark.parametrize("name", ["_deliver", "_callbacks"])
def test_without_either_nothing_is_consumed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(virtual.Transport, name)
    monkeypatch.delitem(sys.modules, virtual_transport.__name__)
    with pytest.raises(ConfigError, match=rf"Transport\.{name}, which is needed for the embedded broker"):
        import_module(virtual_transport.__name__)
