"""Tasks that were there before their bindings, served by one worker beside those that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from celery import Celery

from tests.support.brokers import open_room
from tests.support.plain_worker import run_service

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.process]

SOURCE = """
import os
from celery import Celery, shared_task
from taskcontract import Provider, Service, embedded

embedded.register()
NAME = os.environ["ROOM"]
app = Celery("mixed")
app.conf.task_default_queue = NAME
service = Service("mixed", queue=NAME)
provider = Provider(app, service)

@shared_task(name=NAME + ".pay")
def pay(order, amount=1):
    return order + amount

@app.task(bind=True, name=NAME + ".retried", max_retries=3, default_retry_delay=0)
def retried(self, order):
    if self.request.retries < 2:
        raise self.retry(countdown=0.2)
    return [order, self.request.retries, self.name, self.max_retries]

@app.task(bind=True, name=NAME + ".auto", autoretry_for=(KeyError,), default_retry_delay=0.2)
def auto(self, order):
    if self.request.retries < 1:
        raise KeyError(order)
    return self.request.retries

@app.task(name=NAME + ".plain")
def plain(x):
    return [x, type(x).__name__]

@service.task(version="1.0.0", name=NAME + ".pay")
def pay_binding(order: int, amount: int = 1) -> int: ...
@service.task(version="1.0.0", name=NAME + ".retried")
def retried_binding(order: int) -> list: ...
@service.task(version="1.0.0", name=NAME + ".auto")
def auto_binding(order: int) -> int: ...

provider.implements(pay_binding)(pay)
provider.implements(retried_binding)(retried)
provider.implements(auto_binding)(auto)
"""


def test_one_worker_serves_plain_and_bound_tasks(tmp_path: Path) -> None:
    with open_room("embedded") as room, run_service(tmp_path, room, SOURCE, name="mixed"):
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        app.conf.task_default_queue = room.name

        def call(task: str, *args: object) -> object:
            result = app.send_task(f"{room.name}.{task}", args=args)
            return result.get(timeout=30, propagate=False, interval=0.05)

        assert call("pay", 2, 3) == 5
        assert call("plain", "x") == ["x", "str"]
        assert call("retried", 7) == [7, 2, f"{room.name}.retried", 3]
        assert call("auto", 7) == 1
        assert "order" in str(call("pay", "no number")), "the binding checks its calls"
