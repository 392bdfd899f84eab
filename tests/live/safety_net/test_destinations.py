"""No message is sent back to where no worker would ever read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import BrokerError
from taskcontract.safety_net.quarantine.destinations import demand_consumers
from tests.support.plain_worker import run_service

if TYPE_CHECKING:
    from pathlib import Path

    from celery import Celery

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

SERVICE = """
import os
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain")
app.conf.task_default_queue = os.environ["ROOM"]
"""


def test_a_queue_without_a_consumer_is_refused_on_each_broker(
    room: Room, caller: Celery, tmp_path: Path
) -> None:
    with run_service(tmp_path, room, SERVICE):
        demand_consumers(caller, [room.name], timeout=5.0)
        with pytest.raises(BrokerError, match="nothing was sent there"):
            demand_consumers(caller, [room.name, f"{room.name}.typo"])
    with pytest.raises(BrokerError, match="nothing was sent there"):
        demand_consumers(caller, [room.name])  # it ended
    demand_consumers(caller, [])
