"""What running workers serve, asked of them on each broker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from celery import Celery

from taskcontract.cli.main import main
from taskcontract.errors import BrokerError
from taskcontract.operations.live_api import read_live
from tests.support.brokers import BROKERS, open_room
from tests.support.plain_worker import run_service

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.live, pytest.mark.process]

OURS = """
import os
from celery import Celery
from taskcontract import Provider, Service, embedded

embedded.register()
NAME = os.environ["ROOM"]
app = Celery("ours")
app.conf.task_default_queue = NAME
service = Service(NAME, queue=NAME)
provider = Provider(app, service)

@service.task(version="1.2.0", aliases=(NAME + ".alias",))
def charge(order: int) -> str: ...

@provider.implements(charge)
def do_charge(order: int) -> str:
    return "done"

@app.task(name=NAME + ".ship", ignore_result=True)
def ship(order, *, fast=False): ...
"""
PLAIN = """
import os
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain")

@app.task(name=os.environ["ROOM"] + ".add", ignore_result=True)
def add(x, y): ...
"""


@pytest.mark.parametrize("broker", BROKERS)
def test_workers_say_what_they_serve(
    broker: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with (
        open_room(broker) as room,
        run_service(tmp_path, room, OURS, name="ours"),
        run_service(tmp_path, room, PLAIN, name="bare"),
    ):
        app = Celery("reader", broker=room.broker, set_as_current=False)
        found = read_live(app, "live:it", 2.0)
        mine = {task.wire_name: task for task in found.spec.tasks if task.wire_name.startswith(room.name)}
        assert sorted(mine) == [f"{room.name}.{each}" for each in ("add", "charge", "ship")]
        charge, ship, add = (mine[f"{room.name}.{each}"] for each in ("charge", "ship", "add"))
        assert (charge.id, charge.enforced, charge.queue) == ("charge@1.2.0", True, room.name)
        assert charge.aliases == (f"{room.name}.alias",)
        assert [each.name for each in ship.parameters] == ["order", "fast"]
        assert (ship.options, ship.queue) == ({"ignore_result": True}, room.name)
        assert found.places[ship.name].file == "ours.py"
        assert add.name in found.unknown
        assert not {charge.name, ship.name} & found.unknown
        assert add.options == {"ignore_result": True}
        assert [each.kind for each in add.parameters] == ["var-positional", "var-keyword"]
        assert [each.what for each in found.unresolved if add.name in each.what] == [
            f"the signature of {add.name} is not known"
        ]
        if broker == "embedded":  # where no other test has workers
            monkeypatch.chdir(tmp_path)
            (tmp_path / "later.py").write_text(
                PLAIN.replace("embedded.register()", "")
                + f'''
@app.task(name="{room.name}.ship")
def ship(order, amount): ...
'''
            )
            monkeypatch.setenv("ROOM", room.name)
            monkeypatch.syspath_prepend(str(tmp_path))
            assert main(["diff", f"live:{room.broker}", "app:later:app", "--format", "json"]) == 1
            report = json.loads(capsys.readouterr().out)
            rules = {(each["task"], each["rule"]) for each in report["findings"]}
            assert (ship.name, "param-added-required") in rules
            assert not [rule for task, rule in rules if task == add.name]
            assert any(add.name in note for note in report["notes"])


def test_a_broker_without_workers_or_none_at_all_is_one_error() -> None:
    with open_room("embedded") as room:
        app = Celery("reader", broker=room.broker, set_as_current=False)
        with pytest.raises(BrokerError, match=r"no worker answered within 0\.1 seconds"):
            read_live(app, "live:it", 0.1)
    refusing = Celery("reader", broker="amqp://127.0.0.1:1//", set_as_current=False)
    with pytest.raises(BrokerError, match="cannot be reached"):
        read_live(refusing, "live:it", 0.1)
