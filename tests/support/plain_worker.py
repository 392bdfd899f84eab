"""A plain worker, without bindings, above the safety net; its quarantine is `<room>.quarantine`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support.celery_worker import run_celery_worker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.brokers import Room

__all__ = ["PLAIN", "run_service"]

PLAIN = """
import os
from pathlib import Path
from celery import Celery
from taskcontract import embedded
from taskcontract.safety_net import install_safety_net

embedded.register()
app = Celery("plain")
app.conf.task_default_queue = os.environ["ROOM"]
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")

@app.task(name="add")
def add(x, y):
    return x + y

@app.task(name="note")
def note(task_id):
    Path("errbacks").open("a").write(task_id + "\\n")
"""


def run_service(
    folder: Path, room: Room, source: str = PLAIN, *options: str, name: str = "service", **environment: str
) -> Any:
    """Give the worker of the module `source`, in `room`, stopped behind the block.

    Another `source` in the same folder needs another `name`: Python may keep what it compiled.
    """
    (folder / f"{name}.py").write_text(source)
    # Celery's thread pool takes eight seconds to stop on RabbitMQ.
    pool = ("-P", "prefork" if room.broker.startswith("amqp") else "threads", "-c", "2")
    variables = {**room.environment, "ROOM": room.name, **environment}
    return run_celery_worker(name, folder, room.name, *(options or pool), environment=variables)
