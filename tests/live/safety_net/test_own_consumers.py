"""A project's own consumer class, wherever it is configured, stands above the net, or the worker ends."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract.errors import UnknownTaskError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.brokers import open_room
from tests.support.celery_worker import ROOT
from tests.support.closing import close_app
from tests.support.plain_worker import run_service

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live

CONSUMER = """
from pathlib import Path
from celery.worker.consumer import Consumer

class Mine(Consumer):
    def on_unknown_task(self, body, message, exc):
        Path("heard").open("a").write(message.headers["task"])
        super().on_unknown_task(body, message, exc)
"""

START = """
import os
from celery import Celery, bootsteps, signals
from celery.worker.consumer import Consumer
from mine import Mine
from taskcontract import Provider, Service, embedded
from taskcontract.safety_net import install_safety_net

embedded.register()
"""

INSTALL = """
shop = Service("shop", queue=os.environ["ROOM"])

@shop.task(version="1.0.0")
def ping() -> int: ...

provider = Provider(app, shop)
provider.implements(ping)(lambda: 1)
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")
"""

APP = "app = Celery('service')\n"
AFTER_INIT = """
@signals.{signal}.connect
def change(sender, instance=None, **_):
    {what}
"""
STEP = """
class Late(bootsteps.StartStopStep):
    requires = ("taskcontract.safety_net.step:SafetyNetStep",)
    def create(self, parent):
        parent.consumer_cls = {cls}
app.steps["worker"].add(Late)
"""

WAYS = {
    "a class before": APP + "app.conf.worker_consumer = Mine\n" + INSTALL,
    "its name before": APP + "app.conf.worker_consumer = 'mine:Mine'\n" + INSTALL,
    "its name after": APP + INSTALL + "app.conf.update(worker_consumer='mine.Mine')\n",
    "a class after": APP + INSTALL + "app.conf.worker_consumer = Mine\n",
    "an object after": APP
    + INSTALL
    + "class Settings:\n    worker_consumer = 'mine:Mine'\napp.config_from_object(Settings)\n",
    "an object before": APP + "app.config_from_object({'worker_consumer': 'mine:Mine'})\n" + INSTALL,
    "when a worker begins": APP
    + INSTALL
    + AFTER_INIT.format(signal="celeryd_init", what="app.conf.worker_consumer = 'mine:Mine'"),
    "when a worker is set up": APP
    + INSTALL
    + AFTER_INIT.format(signal="worker_init", what="sender.consumer_cls = Mine"),
    "a step that knows of the net": APP
    + INSTALL
    + STEP.format(
        cls="__import__('taskcontract.safety_net.consumer').safety_net.consumer.find_consumer(Mine)"
    ),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_both_hear_of_an_unknown_task(way: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CONSUMER)
    with open_room("embedded") as room, run_service(tmp_path, room, START + way):
        caller = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        with pytest.raises(UnknownTaskError):
            caller.send_task("unknown", queue=room.name).get(timeout=10)
        assert caller.send_task("shop.ping", queue=room.name).get(timeout=10) == 1
        with Quarantine(caller, f"{room.name}.quarantine") as quarantine:
            assert [kept.task for kept in quarantine.look()] == ["unknown"]
        close_app(caller)
    assert (tmp_path / "heard").read_text() == "unknown"


LOST = {
    "a class that is no consumer": APP + INSTALL + "app.conf.worker_consumer = dict\n",
    "a name that is nobody's": APP + INSTALL + "app.conf.worker_consumer = 'mine:Nobody'\n",
    "a step that replaces it": APP + INSTALL + STEP.format(cls="Consumer"),
}


@pytest.mark.parametrize("pool", ["solo", "threads", "prefork"])
@pytest.mark.parametrize("way", LOST.values(), ids=LOST)
def test_a_worker_without_the_net_does_not_start(way: str, pool: str, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text(CONSUMER)
    (tmp_path / "service.py").write_text(START + way)
    with open_room("embedded") as room:
        done = subprocess.run(
            [sys.executable, "-m", "celery", "-A", "service", "worker", "-P", pool, "-c", "1"],
            cwd=tmp_path,
            env={**os.environ, **room.environment, "ROOM": room.name, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    assert done.returncode == 2, done.stderr
    assert "what this worker cannot serve would be lost" in done.stderr
    assert "app.conf.worker_consumer" in done.stderr
    assert "Traceback" not in done.stderr
