"""A project with a service `shop` and its worker, and the commands that look at it while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Any

from celery import Celery

from taskcontract.errors import BrokerError
from taskcontract.operations.inflight import find_in_flight
from tests.support.brokers import open_room
from tests.support.celery_worker import ROOT, run_celery_worker
from tests.support.closing import close_app
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.support.brokers import Room

__all__ = ["BINDINGS", "Shop", "open_shop", "wait_for"]

BINDINGS = """
import os
from taskcontract import Service

shop = Service("shop", queue=os.environ["ROOM"])

@shop.task(version="1.0.0", sunset="2099-01-31")
def sell(item: str) -> int: ...

@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int = 1) -> int: ...
"""

SERVICE = """
import os
import time
from celery import Celery
from shop_bindings import sell, sell_v2, shop
from taskcontract import Provider
from taskcontract.safety_net import install_safety_net

app = Celery("shop")
app.conf.task_default_queue = os.environ["ROOM"]
provider = Provider(app, shop)
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")

@provider.implements(sell_v2)
def serve(item: str, count: int = 1) -> int:
    while item == "slow" and not os.path.exists("finish"):
        time.sleep(0.02)
    return count

@provider.upcasts(sell)
def one(item: str):
    "One piece."
    return sell_v2.call(item)
"""

PROJECT = """
[tool.taskcontract]
app = "service"
bindings = ["shop_bindings"]
"""


@contextmanager
def open_shop(folder: Path, broker: str) -> Iterator[Shop]:
    """A shop in `folder` on `broker`, alone there: who asks for its workers would hear those of others."""
    with open_room(broker) as room, _alone_on(broker):
        shop = Shop(folder, room)
        yield shop
        close_app(shop.caller)


@contextmanager
def _alone_on(broker: str) -> Iterator[None]:
    """Wait until no other process of the tests has a shop on this broker; embedded ones are apart."""
    if broker == "embedded":
        yield
        return
    with (Path(gettempdir()) / f"shop-of-tests-on-{broker}.lock").open("w") as file:

        def take() -> bool:
            try:
                flock(file, LOCK_EX | LOCK_NB)
            except BlockingIOError:
                return False
            return True

        wait_until(take, 300)
        yield


class Shop:
    """A project with a running or stopped worker, and the command in its folder."""

    def __init__(self, folder: Path, room: Room) -> None:
        self.folder = folder
        self.room = room
        self.environment = {
            **room.environment,
            "ROOM": room.name,
            "PYTHONPATH": str(ROOT),
            "TASKCONTRACT_USAGE": str(folder / "usage.sqlite"),
        }
        for name, text in (
            ("shop_bindings.py", BINDINGS),
            ("service.py", SERVICE),
            ("pyproject.toml", PROJECT),
        ):
            (folder / name).write_text(text)
        (folder / "contracts").mkdir(exist_ok=True)
        self.caller = Celery("web", broker=room.broker, backend=room.backend, set_as_current=False)
        self.caller.conf.task_default_queue = room.name

    @contextmanager
    def work(self, *options: str, queues: str = "") -> Iterator[None]:
        """Run a worker, with more of Celery's `options` and on `queues` (default: the shop's own)."""
        pool = ("-P", "prefork" if self.room.broker.startswith("amqp") else "threads", "-c", "1")
        queues = queues or self.room.name
        with run_celery_worker("service", self.folder, queues, *pool, *options, environment=self.environment):
            try:
                yield
            finally:
                self.finish()

    def finish(self) -> None:
        """End the calls that sell the item `slow`, which wait until then."""
        (self.folder / "finish").touch()

    def in_flight(self, timeout: float = 0.5) -> list[tuple[str, str, str]]:
        """Task, version and place of each message; workers have `timeout` seconds to answer."""
        found = find_in_flight(self.caller, [self.room.name], timeout=timeout).messages
        return [(message.task, message.version, message.place) for message in found]

    def send(self, name: str, *args: Any, version: str = "1.0.0", **options: Any) -> Any:
        header = {"taskcontract": {"version": version, "consumer": "web"}}
        return self.caller.send_task(name, args, headers=header, **options)

    def run(self, *arguments: str, code: int = 0) -> str:
        """What `taskcontract` prints, which must end with the exit code `code` and no traceback."""
        done = subprocess.run(
            [sys.executable, "-m", "taskcontract", *arguments],
            cwd=self.folder,
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout or done.stderr


def wait_for(condition: Callable[[], bool]) -> None:
    """Return once `condition` holds; it does not yet where a worker is too busy to answer."""

    def holds() -> bool:
        with suppress(BrokerError):
            return condition()
        return False

    wait_until(holds, every=0.02)
