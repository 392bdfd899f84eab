"""A check of the service's own may raise anything: its call is refused, and the worker goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import RefusedArgumentsError
from tests.support.plain_worker import run_service

if TYPE_CHECKING:
    from pathlib import Path

    from celery import Celery

    from taskcontract.safety_net.quarantine import Quarantine
    from tests.support.brokers import Room

pytestmark = pytest.mark.live

CHECKED = """
import os
from typing import Annotated
import amqp, redis
from celery import Celery
from pydantic import AfterValidator
from taskcontract import Provider, Service
from taskcontract.safety_net import install_safety_net

app = Celery("checked")
app.conf.task_default_queue = os.environ["ROOM"]
shop = Service("stall", queue=os.environ["ROOM"])
ERRORS = {
    "key": KeyError("coin"), "os": OSError(5, "coin"), "away": ConnectionResetError("coin"),
    "redis": redis.exceptions.ConnectionError("coin"), "amqp": amqp.exceptions.ConnectionForced("coin"),
    "memory": MemoryError("coin"), "deep": RecursionError("coin"), "stop": StopIteration("coin"),
}

def look_up(name):
    if name in ERRORS:
        raise ERRORS[name]
    return name

@shop.task(version="1.0.0")
def sell(item: Annotated[str, AfterValidator(look_up)]) -> str: ...

provider = Provider(app, shop)
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")
provider.implements(sell)(lambda item: item)
"""
ERRORS = ("key", "os", "away", "redis", "amqp", "memory", "deep", "stop")


def test_whatever_a_check_raises_refuses_its_call_alone(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room, CHECKED, name="checked") as worker:
        calls: dict[str, Any] = {name: caller.send_task("stall.sell", (name,)) for name in ERRORS}
        for name, call in calls.items():
            with pytest.raises(RefusedArgumentsError, match=f"makes a check fail: .*; got '{name}'"):
                call.get(timeout=10)
        assert caller.send_task("stall.sell", ("hat",)).get(timeout=10) == "hat"
        assert worker.poll() is None
    assert [each.note.reason for each in quarantine.look()] == ["arguments"] * len(ERRORS)
    assert "Connection to broker lost" not in (tmp_path / "worker.log").read_text()
