"""Beat, and each worker, refuses to start over an entry that calls a declared task wrongly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.brokers import open_room
from tests.support.celery_worker import ROOT, run_celery_worker
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

BINDINGS = """
import os
from taskcontract import Service

shop = Service("shop", queue=os.environ["ROOM"])

@shop.task(version="1.0.0")
def sell(item: str) -> int: ...
"""

CONSUMER = """
import os
from celery import Celery
from shop_bindings import sell
from taskcontract import embedded

embedded.register()
app = Celery("web")
"""

PROVIDER = """
from pathlib import Path
from celery import Celery
from shop_bindings import sell, shop
from taskcontract import Provider

app = Celery("shop")
provider = Provider(app, shop)

@provider.implements(sell)
def serve(item: str) -> int:
    Path("sold").write_text(item)
    return 1
"""

APPS = {"a consumer": CONSUMER, "a provider": PROVIDER}

CONFIGURED = (
    "\nimport os\napp.conf.beat_schedule = {{'often': {{'task': 'shop.sell', 'schedule': 0.2, {0}}}}}\n"
)
ADDED = """
@app.on_after_finalize.connect
def add(sender, **_):
    sender.add_periodic_task(0.2, sender.signature('shop.sell', {0}), name='often')
"""

TO_QUEUE = "'options': {'queue': os.environ['ROOM']}"
RIGHT = CONFIGURED.format(f"'args': ('pen',), {TO_QUEUE}")
TYPED = """
@app.on_after_configure.connect
def add(sender, **_):
    sender.add_periodic_task(0.2, sell.si('pen'))
"""
WRONG = {
    "an argument": (CONFIGURED.format("'args': (7,)"), "parameter 'item'"),
    "no argument": (ADDED.format("args=()"), "missing 1 required positional argument: 'item'"),
    "another task": (RIGHT.replace("shop.sell", "shop.sel"), "declares no such task: did you mean shop.sell"),
    "an option": (
        CONFIGURED.format("'args': ('pen',), 'options': {'count_down': 3}"),
        "Did you mean countdown?",
    ),
}


@pytest.fixture
def room() -> Iterator[Room]:
    with open_room("embedded") as room:
        yield room


def start(folder: Path, room: Room, *command: str, **more: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "service", *command],
        cwd=folder,
        env={
            **os.environ,
            **room.environment,
            "ROOM": room.name,
            "PYTHONPATH": str(ROOT),
            "TASKCONTRACT_USAGE": "off",
            **more,
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


COMMANDS = {
    "beat": ("beat",),
    "a worker": ("worker", "-P", "solo"),
    "a worker with beat in it": ("worker", "-B", "-P", "threads", "-c", "1"),
}


REFUSED = [
    *(("a consumer", "beat", wrong) for wrong in WRONG),
    *((app, command, "an argument") for app in APPS for command in COMMANDS if command != "beat"),
    ("a provider", "beat", "no argument"),
]
"""Each wrong entry once, and each command of each app."""


@pytest.mark.parametrize(("app", "command", "wrong"), REFUSED, ids=" ".join)
def test_a_wrong_entry_is_refused(app: str, command: str, wrong: str, room: Room, tmp_path: Path) -> None:
    entry, why = WRONG[wrong]
    (tmp_path / "shop_bindings.py").write_text(BINDINGS)
    (tmp_path / "service.py").write_text(APPS[app] + entry)
    process = start(tmp_path, room, *COMMANDS[command])
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 2, said
    assert "the entry 'often' calls shop.sel" in said
    assert why in said
    assert "Traceback" not in said


@pytest.mark.parametrize("entry", [RIGHT, TYPED], ids=["by name", "typed"])
def test_a_right_entry_is_sent_and_served(entry: str, room: Room, tmp_path: Path) -> None:
    for name, folder in (("worker", tmp_path / "worker"), ("beat", tmp_path / "beat")):
        folder.mkdir()
        (folder / "shop_bindings.py").write_text(BINDINGS)
        (folder / "service.py").write_text(PROVIDER if name == "worker" else CONSUMER + entry)
    with run_celery_worker(
        "service",
        tmp_path / "worker",
        room.name,
        *("-P", "threads", "-c", "1"),
        environment={**room.environment, "ROOM": room.name},
    ):
        beat = start(tmp_path / "beat", room, "beat")
        try:
            wait_for(lambda: (tmp_path / "worker" / "sold").exists(), beat)
        finally:
            beat.send_signal(signal.SIGTERM)
            said, _ = beat.communicate(timeout=20)
    assert "taskcontract:" not in said


def test_an_entry_without_its_queue_is_warned_of(room: Room, tmp_path: Path) -> None:
    (tmp_path / "shop_bindings.py").write_text(BINDINGS)
    (tmp_path / "service.py").write_text(CONSUMER + CONFIGURED.format("'args': ('pen',)"))
    beat = start(tmp_path, room, "beat")
    assert beat.stdout is not None
    said = ""
    for line in beat.stdout:
        said += line
        if "it goes to the queue" in line:
            break
    assert "warning: the entry 'often' calls shop.sell: it goes to the queue 'celery'" in said
    beat.send_signal(signal.SIGTERM)
    beat.communicate(timeout=20)


SETTINGS = """
SECRET_KEY = "x"
USE_TZ = True
INSTALLED_APPS = ["django_celery_beat"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite"}}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
CELERY_TASK_DEFAULT_QUEUE = "x"
"""

ROWS = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django_celery_beat.models import IntervalSchedule, PeriodicTask
every = IntervalSchedule.objects.create(every=60, period="seconds")
for name, task, args, kwargs, enabled in {rows!r}:
    PeriodicTask.objects.create(
        name=name, task=task, args=args, kwargs=kwargs, enabled=enabled, interval=every, queue={queue!r}
    )
"""

RIGHT_ROWS = [
    ("positional", "shop.sell", '["pen"]', "{}", True),
    ("by name", "shop.sell", "[]", '{"item": "pen"}', True),
    ("nobody's", "reports.run", "[]", "{}", True),
]
NO_CALLS = [
    ("off", "shop.sell", "[]", "{}", False),
    ("nobody's", "reports.run", "[]", "{}", True),
]
WRONG_ROWS = {
    ("of no argument", "shop.sell", "[]", "{}", True): "missing 1 required positional argument: 'item'",
    ("of another type", "shop.sell", "[7]", "{}", True): "parameter 'item'",
    ("of another task", "shop.sold", "[]", "{}", True): "declares no such task",
    ("of no JSON", "shop.sell", "[", "{}", True): "its arguments are not JSON",
}


@pytest.mark.parametrize(
    ("rows", "may_go"),
    [(RIGHT_ROWS, False), (NO_CALLS, True), ([*WRONG_ROWS], False)],
    ids=["right", "no calls", "wrong"],
)
def test_rows_of_django_celery_beat_are_callers(
    rows: list[Any], may_go: bool, room: Room, tmp_path: Path
) -> None:
    (tmp_path / "shop_bindings.py").write_text(BINDINGS)
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "service.py").write_text(
        CONSUMER + "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
    )
    (tmp_path / "pyproject.toml").write_text(
        "[tool.taskcontract]\napp = 'service'\nbindings = ['shop_bindings']\n"
    )
    (tmp_path / "contracts").mkdir()
    environment = {
        **os.environ,
        **room.environment,
        "ROOM": room.name,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}",
        "DJANGO_SETTINGS_MODULE": "settings",
        "TASKCONTRACT_USAGE": "off",
    }

    def run(*command: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, done.stdout + done.stderr

    assert run("-c", ROWS.format(rows=rows, queue=room.name)) == (0, "")
    code, said = run("-m", "taskcontract", "inspect", "--timeout", "0.1")
    assert code == 1, "no worker answers"
    for row in rows:
        assert (f"the entry '{row[0]}' calls" in said) is (row in WRONG_ROWS), said
        assert WRONG_ROWS.get(row, "") in said
    code, said = run("-m", "taskcontract", "retire", "sell@1", "--without-usage", "--timeout", "0.1")
    assert code == (0 if may_go else 1), said
    for row in rows:
        calls = row[1] == "shop.sell" and row[-1]
        assert (f"beat calls it: the entry '{row[0]}'" in said) is calls, said
    if rows[0] in WRONG_ROWS:
        more = {"PYTHONPATH": environment["PYTHONPATH"], "DJANGO_SETTINGS_MODULE": "settings"}
        process = start(tmp_path, room, "worker", "-P", "solo", **more)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 2, said
        for why in WRONG_ROWS.values():
            assert why in said


@pytest.mark.parametrize("scheduler", ["django_celery_beat.schedulers:DatabaseScheduler"])
def test_beat_reads_its_own_database(scheduler: str, room: Room, tmp_path: Path) -> None:
    (tmp_path / "shop_bindings.py").write_text(BINDINGS)
    (tmp_path / "settings.py").write_text(SETTINGS)
    (tmp_path / "service.py").write_text(
        CONSUMER + "app.config_from_object('django.conf:settings', namespace='CELERY')\n"
    )
    more = {"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}", "DJANGO_SETTINGS_MODULE": "settings"}
    row = ("a", "shop.sell", "[7]", "{}", True)
    subprocess.run(
        [sys.executable, "-c", ROWS.format(rows=[row], queue=room.name)],
        cwd=tmp_path,
        env={**os.environ, **more},
        timeout=60,
        check=True,
    )
    process = start(tmp_path, room, "beat", "--scheduler", scheduler, **more)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 2, said
    assert "the entry 'a' calls shop.sell: parameter 'item'" in said


def wait_for(condition: Any, process: subprocess.Popen[str]) -> None:
    wait_until(lambda: condition() or process.poll() is not None)
    assert process.poll() is None
