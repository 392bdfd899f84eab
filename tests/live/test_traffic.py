"""What callers send is counted by real workers, by its shape: of bound tasks and of plain ones."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract.model.spec_file import load_spec
from tests.support.brokers import Room, open_room
from tests.support.celery_worker import ROOT
from tests.support.closing import close_app
from tests.support.json_documents import read_document
from tests.support.plain_worker import run_service
from tests.support.running_shop import open_shop, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

OBSERVED = """
import os
from celery import Celery
from taskcontract import embedded
from taskcontract.safety_net import {install}

embedded.register()
app = Celery(os.environ["ROOM"])
app.conf.task_default_queue = os.environ["ROOM"]
{install}(app{more})

@app.task(name="add")
def add(x, y=1, *, note=None):
    return x + y

@app.task(name="again", bind=True)
def again(self, x):
    if not self.request.retries:
        raise self.retry(countdown=0)
    return x
"""


@pytest.fixture(params=["embedded", "redis"])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    with open_room(request.param) as room:
        yield room
        if request.param == "redis":
            import redis

            with redis.Redis.from_url(room.broker) as client:
                keys = list(client.scan_iter(f"taskcontract:usage:{room.name}:*"))
                if keys:
                    client.delete(*keys)
                client.srem("taskcontract:usage:services", room.name)


def run(folder: Path, room: Room, *arguments: str) -> str:
    """What `taskcontract` prints in `folder`, where workers count in the room's Redis, else in a file."""
    done = subprocess.run(
        [sys.executable, "-m", "taskcontract", *arguments],
        cwd=folder,
        env={
            **os.environ,
            **room.environment,
            "ROOM": room.name,
            "PYTHONPATH": str(ROOT),
            **counting(folder),
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout


def counting(folder: Path) -> dict[str, str]:
    return {"TASKCONTRACT_USAGE": "", "XDG_STATE_HOME": str(folder / "state")}


def shapes_of(told: Any, task: str) -> dict[tuple[str, str], int]:
    """Consumer and shape, in short, with its count."""
    found = {}
    for use in told["uses"]:
        if use["task"] == task:
            assert use["not_told"] == 0
            for each in use["shapes"]:
                sent = [*each["positionals"], *({"name": n, **k} for n, k in each["keywords"].items())]
                short = " ".join("=".join(filter(None, (p.get("name"), p["type"]))) for p in sent)
                found[use["consumer"], short] = each["count"]
    return found


@pytest.mark.parametrize(
    ("install", "more"), [("install_observer", ""), ("install_safety_net", ', quarantine=""')]
)
def test_plain_tasks_are_observed(tmp_path: Path, room: Room, install: str, more: str) -> None:
    caller = Celery("web", broker=room.broker, backend=room.backend, set_as_current=False)
    caller.conf.task_default_queue = room.name
    source = OBSERVED.format(install=install, more=more)
    with run_service(tmp_path, room, source, name="observed", **counting(tmp_path)):
        header = {"taskcontract": {"version": "", "consumer": "web"}}
        calls = [
            caller.send_task("add", (1, 2)),
            caller.send_task("add", (1, 2.5)),
            caller.send_task("add", (3, 4)),
            caller.send_task("add", ("a", "b"), {"note": {"secret": "hunter2"}}, headers=header),
            caller.send_task("again", (None,)),
        ]
        assert [call.get(timeout=15) for call in calls] == [3, 3.5, 7, "ab", None]
    close_app(caller)
    document = run(tmp_path, room, "usage", "--app", "observed", "--shapes", "--format", "json")
    told = read_document("usage", document)["services"][room.name]
    assert shapes_of(told, "add") == {
        ("(unknown)", "integer integer"): 2,
        ("(unknown)", "integer number"): 1,
        ("web", "string string note=object"): 1,
    }
    assert shapes_of(told, "again") == {("(unknown)", "null"): 2}, "the retry is sent, too"
    assert told["shapes_since"] == told["counted_since"]
    assert "hunter2" not in document
    lines = run(tmp_path, room, "usage", "--app", "observed", "--shapes").splitlines()
    assert any(line.split()[:4] == ["(integer,", "integer)", "2", "calls"] for line in lines)
    assert "mail" not in run(tmp_path, room, "usage", "--broker", room.broker, "--shapes")
    assert_observed(tmp_path, room)


def assert_observed(folder: Path, room: Room) -> None:
    """What was observed is a spec, and bindings are made of it; without the code both are guessed."""
    lines = run(folder, room, "observe", "--app", "observed").splitlines()
    note = "note: object | null = null"
    assert f"  add(x: integer | string, y: number | string = 1, *, {note}): 4 calls by 2 consumers" in lines
    assert "did not fit" not in "".join(lines)
    run(folder, room, "observe", "add", "--app", "observed", "--export", "-o", "observed.json")
    spec = load_spec(folder / "observed.json")
    assert [(task.name, task.version, task.bind) for task in spec.tasks] == [("add", "", False)]
    run(folder, room, "adopt", "--source", "observed.json", "--service", "sums", "--queue", "q")
    written = "".join(each.read_text() for each in (folder / "sums-bindings").rglob("*.py"))
    assert "x: int | str, y: float | str = 1" in written
    guessed = run(folder, room, "observe", "add", "--broker", room.broker, "--service", room.name)
    assert "add(arg1: integer | string, arg2: number | string, /, *, note: object | null = null)" in guessed


@pytest.mark.parametrize("broker", ["embedded", "redis"])
def test_bound_tasks_are_counted_with_what_was_refused(tmp_path: Path, broker: str) -> None:
    with open_shop(tmp_path, broker) as shop:
        with shop.work():
            assert shop.send("shop.sell", "pen").get(timeout=15) == 1
            assert shop.send("shop.sell_v2", "pen", 2, version="2.0.0").get(timeout=15) == 2
            refused = shop.send("shop.sell_v2", "pen", "two", version="2.0.0")
            with pytest.raises(Exception, match="count"):
                refused.get(timeout=15)
            wait_for(lambda: "(string, string)" in shop.run("usage", "--shapes"))
        told = read_document("usage", shop.run("usage", "--shapes", "--format", "json"))["services"]["shop"]
        assert shapes_of(told, "shop.sell") == {("web", "string"): 1}
        assert shapes_of(told, "shop.sell_v2") == {
            ("web", "string integer"): 1,
            ("web", "string string"): 1,
        }
