"""What running workers serve, asked of them on each broker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from kombu import Queue

from taskcontract.brokers import workers
from taskcontract.brokers.listeners import AllAnswered, list_listeners, stop_after
from taskcontract.cli.main import main
from taskcontract.errors import BrokerError
from taskcontract.operations.live_api import read_live
from tests.support.brokers import BROKERS, open_room
from tests.support.plain_worker import run_service

if TYPE_CHECKING:
    from collections.abc import Callable
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


@pytest.fixture
def ended_by(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """The workers whose last answer ended the waiting, each time that one did."""
    ended: list[frozenset[str]] = []

    def spy(names: frozenset[str], answers: list[dict[str, Any]]) -> Callable[[dict[str, Any]], None]:
        take = stop_after(names, answers)

        def note(reply: dict[str, Any]) -> None:
            try:
                take(reply)
            except AllAnswered:
                ended.append(names)
                raise

        return note

    monkeypatch.setattr(workers, "stop_after", spy)
    return ended


@pytest.mark.parametrize("broker", [each for each in BROKERS if each != "rabbitmq"])
def test_nobody_waits_once_every_worker_that_listens_has_answered(
    broker: str, tmp_path: Path, ended_by: list[frozenset[str]]
) -> None:
    with (
        open_room(broker) as room,
        run_service(tmp_path, room, OURS, name="ours"),
        run_service(tmp_path, room, PLAIN, name="bare"),
    ):
        app = Celery("reader", broker=room.broker, set_as_current=False)
        found = read_live(app, "live:it", 3.0)
        names = {task.wire_name for task in found.spec.tasks}
        assert {f"{room.name}.{each}" for each in ("add", "charge", "ship")} <= names
        asked = {name for name, _ in ask_who_is_there(app)}
        with app.connection_for_read() as connection:
            listening = list_listeners(connection, mailbox_of(app))
        assert listening is not None
        assert len(asked & listening) >= 2
        # On a shared broker there may be others: those that died without a word are waited for.
        assert bool(ended_by) or not listening <= asked
        assert bool(ended_by) or broker != "embedded"


def test_a_worker_that_died_without_a_word_is_waited_for(
    tmp_path: Path, ended_by: list[frozenset[str]]
) -> None:
    with open_room("embedded") as room, run_service(tmp_path, room, PLAIN, name="bare"):
        app = Celery("reader", broker=room.broker, set_as_current=False)
        exchange = mailbox_of(app).exchange
        with app.connection_for_read() as connection:
            Queue(f"gone@there.{exchange.name}", exchange)(connection.default_channel).declare()
            assert "gone@there" in (list_listeners(connection, mailbox_of(app)) or ())
            found = read_live(app, "live:it", 1.0)
        assert [task.wire_name for task in found.spec.tasks] == [f"{room.name}.add"]
        assert not ended_by


def test_rabbitmq_does_not_say_who_listens() -> None:
    with open_room("rabbitmq") as room:
        app = Celery("reader", broker=room.broker, set_as_current=False)
        with app.connection_for_read() as connection:
            assert list_listeners(connection, mailbox_of(app)) is None


def mailbox_of(app: Celery) -> Any:
    """The mailbox through which an app asks its workers; celery-types does not know it."""
    control: Any = app.control
    return control.mailbox


def ask_who_is_there(app: Celery) -> list[tuple[str, Any]]:
    """The answers of all that are there."""
    with workers.reach_workers(app, 2.0) as reached:
        return reached.registered


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
