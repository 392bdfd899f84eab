"""A marked secret passes through a worker: nothing that is printed, told or kept for looking has it.

What has to have it is looked at by nobody here: the messages themselves, in the broker and in quarantine.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract import embedded
from tests.support.celery_worker import ROOT, run_celery_worker
from tests.support.closing import close_app
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live

MARKED = "hunter-2-marked"

BINDINGS = """
from dataclasses import dataclass
from typing import Annotated
from taskcontract import Secret, Service

vault = Service("vault", queue="vault")

@dataclass
class Login:
    user: str
    token: Annotated[str, Secret]

@vault.task(version="1.0.0")
def put(value: Annotated[str, Secret] | None) -> int: ...

@vault.task(version="1.0.0")
def put_all(values: list[Annotated[str, Secret]], login: Login | None = None) -> int: ...

@vault.task(version="1.0.0")
def keyed(keys: dict[Annotated[str, Secret], int]) -> Annotated[str, Secret]: ...

@vault.task(version="1.0.0")
def give(value: Annotated[str, Secret]) -> Annotated[str, Secret] | None: ...

@vault.task(version="1.0.0")
def hold(value: Annotated[str, Secret], where: str) -> int: ...
"""

SERVICE = """
import os, time
from celery import Celery, chain
from vault_bindings import give, hold, keyed, put, put_all, vault
from taskcontract import Provider, embedded
from taskcontract.safety_net import install_safety_net

embedded.register()
app = Celery("vault", broker=os.environ["PLACE"], backend=os.environ["PLACE"])
app.conf.result_extended = True
app.conf.task_send_sent_event = True
provider = Provider(app, vault)
install_safety_net(app)

@provider.implements(put)
def serve(value):
    raise LookupError("there is no such place")

@provider.implements(put_all, bind=True, max_retries=1)
def serve_all(self, values, login=None):
    if self.request.retries == 0:
        raise self.retry(countdown=0)
    return len(values)

@provider.implements(keyed)
def serve_keyed(keys):
    return keys  # of another type than declared

@provider.implements(give)
def serve_give(value):
    return value

@provider.implements(hold, bind=True)
def serve_hold(self, value, where):
    give.delay(value)
    self.app.tasks["vault.give"].delay(value)
    self.app.tasks["vault.give"].apply_async(kwargs={"value": value})
    chain(self.app.signature("vault.give", (value,)), self.app.signature("vault.give")).delay()
    while not os.path.exists(where):
        time.sleep(0.05)
    return 1
"""

PROJECT = '[tool.taskcontract]\napp = "vault_service"\nbindings = ["vault_bindings"]\n'

CALLS: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "fails": ("vault.put", [MARKED], {}),
    "by name": ("vault.put", [], {"value": MARKED}),
    "retried": ("vault.put_all", [[MARKED]], {"login": {"user": "a", "token": MARKED}}),
    "a wrong result": ("vault.keyed", [{MARKED: 1}], {}),
    "refused": ("vault.put", [[MARKED]], {}),
    "refused deep": ("vault.put_all", [[MARKED], {"user": "a", "token": [MARKED]}], {}),
    "refused keys": ("vault.keyed", [{MARKED: "x"}], {}),
    "too many": ("vault.put", ["a", MARKED], {"token": MARKED}),
    "no such task": ("vault.put_v7", [MARKED], {"value": MARKED}),
    "a secret result": ("vault.give", [MARKED], {}),
    "a map": ("celery.starmap", [], {"task": {"task": "vault.give", "args": []}, "it": [[MARKED]]}),
    "a canvas inside": (
        "celery.accumulate",
        [{"task": "vault.put", "args": [MARKED], "kwargs": {}, "options": {}}],
        {},
    ),
}

RETURNED = {"a secret result", "a map", "a canvas inside"}
"""Calls whose result is what was sent: the store has to have it, and gives it to the caller alone."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("vault")
    (folder / "vault_bindings.py").write_text(BINDINGS)
    (folder / "vault_service.py").write_text(SERVICE)
    (folder / "pyproject.toml").write_text(PROJECT)
    return folder


@pytest.fixture(scope="module")
def texts(project: Path) -> dict[str, str]:
    """What is said, stored for looking and printed of `CALLS`, each sent by its name."""
    embedded.register()
    place = embedded.write_url(project / "broker")
    environment = {"PLACE": place, "TASKCONTRACT_USAGE": str(project / "usage.sqlite")}
    app = Celery("caller", broker=place, backend=place, set_as_current=False)
    events: list[Any] = []
    said: dict[str, str] = {}
    with (
        run_celery_worker(
            "vault_service",
            project,
            "vault",
            *("-P", "threads", "-c", "2", "-E", "--loglevel=debug"),
            environment=environment,
        ),
        app.connection_for_read() as connection,
    ):
        receiver = app.events.Receiver(connection, handlers={"*": events.append})
        with receiver.consumer_context(wakeup=False) as (consuming, *_):
            results = {
                name: app.send_task(task, args, kwargs, queue="vault")
                for name, (task, args, kwargs) in CALLS.items()
            }
            for name, result in results.items():
                error = result.get(timeout=20, propagate=False)
                meta = {**app.backend.get_task_meta(result.id, cache=False)}
                if name in RETURNED:
                    error = meta.pop("result")
                    assert error is not None
                    error = None
                said[name] = f"{error!r} {error} {result.traceback}"
                said[f"{name}, stored"] = json.dumps(meta, default=str)
            said |= inspect(app, project)
            assert send_short(app).get(timeout=20) == MARKED
            with suppress(TimeoutError):
                while True:
                    consuming.drain_events(timeout=0.2)
        for command in (["quarantine", "list"], ["quarantine", "show", results["refused"].id], ["usage"]):
            said[" ".join(command[:2])] = run(project, environment, *command)
    said["events"] = json.dumps(events, default=str)
    said["log"] = (project / "worker.log").read_text()
    close_app(app)
    return said


def send_short(app: Celery) -> Any:
    """Send the least that a worker takes: its body stands early in the pool's line on it."""
    headers = {"lang": "py", "task": "vault.give", "id": "short"}
    with app.producer_or_acquire() as producer:
        producer.publish([[MARKED], {}, {}], routing_key="vault", headers=headers, correlation_id="short")
    return app.AsyncResult("short")


def inspect(app: Celery, project: Path) -> dict[str, str]:
    """What the worker tells of calls that it serves, keeps ready and waits with."""
    go_on = project / "go-on"
    held = [app.send_task("vault.hold", [MARKED, str(go_on)], queue="vault") for _ in range(4)]
    later = app.send_task("vault.give", [], {"value": MARKED}, queue="vault", countdown=600)
    asked = app.control.inspect(timeout=1)

    def ask() -> dict[str, str] | None:
        told = {each: json.dumps(getattr(asked, each)()) for each in ("active", "reserved", "scheduled")}
        return told if all("vault." in text for text in told.values()) else None

    try:
        told = wait_until(ask)
        assert told is not None
        told["query_task"] = json.dumps(asked.query_task(later.id, held[0].id))
    finally:
        go_on.touch()
    assert [each.get(timeout=20) for each in held] == [1] * 4
    return {f"inspect {name}": text for name, text in told.items()}


def run(project: Path, environment: dict[str, str], *command: str) -> str:
    ran = subprocess.run(
        [sys.executable, "-m", "taskcontract", *command],
        cwd=project,
        env={**os.environ, **environment, "PYTHONPATH": f"{ROOT}{os.pathsep}{project}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout + ran.stderr


def test_nothing_that_is_printed_has_a_secret(texts: dict[str, str]) -> None:
    assert {name for name, text in texts.items() if MARKED in text} == set()


def test_the_calls_were_served_and_refused(texts: dict[str, str]) -> None:
    assert "there is no such place" in texts["fails"]
    assert texts["retried"].startswith("1 ")
    assert "ResultValueError" in texts["a wrong result"]
    assert "RefusedArgumentsError" in texts["refused"]
    assert "***" in texts["quarantine list"] + texts["quarantine show"]
    assert "task-received" in texts["events"]
    assert "(***,)" in texts["events"]
    assert "LookupError" in texts["log"]
    assert "put" in texts["usage"]
