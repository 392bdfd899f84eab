"""RabbitMQ gives headers of any depth, which its client reads by recursion: no worker or look ends there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract.errors import RefusedMessageError
from taskcontract.operations.inflight import find_in_flight
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.brokers import open_room
from tests.support.closing import close_app
from tests.support.deep_headers import publish_deep
from tests.support.plain_worker import run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live

CALL = b"[[1, 2], {}, {}]"


def test_an_entry_with_deep_headers_is_listed_and_dropped() -> None:
    with open_room("rabbitmq") as room:
        app = Celery(broker=room.broker, set_as_current=False)
        with app.connection_for_write() as connection:
            channel: Any = connection.default_channel
            channel.queue_declare(room.name, durable=True, auto_delete=False)
            for task_id, levels in (("good", 1), ("bad", 3_000), ("last", 1)):
                publish_deep(channel, room.name, b"[]", levels, id=task_id)
        with Quarantine(app, room.name) as quarantine:
            assert [each.id for each in quarantine.look()] == ["good", "bad", "last"]
            assert len(find_in_flight(app, [room.name], timeout=0.2).messages) == 3
            assert [each.id for each in quarantine.drop(lambda kept: kept.id == "bad")] == ["bad"]
            assert [each.id for each in quarantine.look()] == ["good", "last"]
        close_app(app)


def test_a_worker_keeps_what_has_deep_headers_and_goes_on(tmp_path: Path) -> None:
    with open_room("rabbitmq") as room:
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        app.conf.task_default_queue = room.name
        with run_service(tmp_path, room) as worker, Quarantine(app, f"{room.name}.quarantine") as quarantine:
            with app.connection_for_write() as connection:
                channel: Any = connection.default_channel
                for levels in (190, 500, 985, 3_000):
                    publish_deep(channel, room.name, CALL, levels, id=f"levels-{levels}", task="add")
            # How deep a header its client can read depends on how deep it is called: 500 may be kept too.
            wait_until(lambda: {"levels-985", "levels-3000"} <= {each.id for each in quarantine.look()})
            kept = {each.id: each for each in quarantine.look()}
            for each in kept.values():
                assert (each.is_whole, each.task, each.body) == (False, "add", CALL)
            with pytest.raises(RefusedMessageError, match="its headers cannot be read: RecursionError"):
                app.AsyncResult("levels-3000").get(timeout=10)
            assert app.AsyncResult("levels-190").get(timeout=10) == 3
            assert app.send_task("add", (1, 2)).get(timeout=10) == 3
            assert worker.poll() is None
        close_app(app)
