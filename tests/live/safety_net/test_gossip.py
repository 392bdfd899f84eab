"""A worker that hears of others goes on after an event that cannot be read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from celery.events.event import get_exchange

from tests.support.celery_worker import run_celery_worker
from tests.support.closing import close_app
from tests.support.plain_worker import PLAIN
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

APART = 'app.conf.broker_transport_options = {"global_keyprefix": os.environ["ROOM"]}\n'
"""Its events reach no other test's workers."""

EVENTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "a compression that it has not": (b"broken", {"compression": "gzip"}),
    "no JSON": (b"{", {}),
    "no event": (b"[]", {}),
    "an event of nobody": (b"{}", {}),
}


def test_a_broken_event_ends_no_worker(redis_room: Room, tmp_path: Path) -> None:
    room = redis_room
    (tmp_path / "service.py").write_text(PLAIN + APART)
    variables = {**room.environment, "ROOM": room.name}
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    app.conf.broker_transport_options = {"global_keyprefix": room.name}
    options = ("-P", "threads", "-c", "2")
    with run_celery_worker(
        "service", tmp_path, room.name, *options, environment=variables, quick=()
    ) as worker:
        log = tmp_path / "worker.log"
        with app.producer_or_acquire() as producer:
            exchange = get_exchange(producer.connection, name=app.conf.event_exchange)
            content = {"content_type": "application/json", "content_encoding": "utf-8"}
            fields: dict[str, Any] = {**content, "exchange": exchange, "declare": [exchange]}

            def is_passed_over(body: bytes, headers: dict[str, Any], before: int) -> bool:
                # Again and again: what is sent before the worker listens is heard by nobody.
                producer.publish(body, routing_key="worker.heartbeat", headers=headers, **fields)
                assert worker.poll() is None, log.read_text()
                return log.read_text().count("passed over") > before

            for body, headers in EVENTS.values():
                before = log.read_text().count("passed over")
                wait_until(partial(is_passed_over, body, headers, before))
        assert app.send_task("add", (1, 2), queue=room.name).get(timeout=10) == 3
    close_app(app)
