"""A worker goes on after a control command that cannot be read, and keeps none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from kombu import Exchange

from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from celery import Celery

    from taskcontract.safety_net.quarantine import Quarantine
    from tests.support.brokers import Room

pytestmark = pytest.mark.live

APART = 'app.conf.control_exchange = os.environ["ROOM"]\n'
"""Its commands reach no other test's workers."""

BROKEN: tuple[tuple[bytes, dict[str, Any]], ...] = (
    (b"\xff\xfe{", {}),
    (b"{", {}),
    (b"[]", {}),
    (b"7", {}),
    (b"broken", {"compression": "gzip"}),
)


def test_a_broken_command_ends_no_worker(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    caller.conf.control_exchange = room.name
    with run_service(tmp_path, room, PLAIN + APART) as worker:
        wait_until(lambda: caller.control.ping(timeout=1))
        exchange = Exchange(f"{room.name}.pidbox", "fanout", durable=False, delivery_mode="transient")
        with caller.producer_or_acquire() as producer:
            for body, headers in BROKEN:
                producer.publish(
                    body,
                    exchange=exchange,
                    declare=[exchange],
                    content_type="application/json",
                    content_encoding="utf-8",
                    headers=headers,
                )
        log = tmp_path / "worker.log"
        wait_until(lambda: log.read_text().count("a control command that cannot be read") >= 2)
        wait_until(lambda: caller.control.ping(timeout=1))
        assert caller.send_task("add", (1, 2)).get(timeout=10) == 3
        assert worker.poll() is None
    assert quarantine.look() == []
