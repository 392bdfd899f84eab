"""Calls that leave when Django's transaction commits: in processes that have Django, or have none."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

CALLER = """
import json
import django
from celery import Celery
from django.conf import settings
from django.db import transaction
from taskcontract import Service
from taskcontract.errors import TaskContractError

settings.configure(DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}})
django.setup()
app = Celery("shop", broker="memory://", set_as_current=False)
shop = Service("shop", queue="shop")
shop.use(app)

@shop.task(version="1.0.0")
def sell(items: list, count: int = 1) -> int: ...

def received():
    with app.connection_for_read() as connection:
        message = connection.default_channel.basic_get("shop", no_ack=True)
        return message and message.decode()[:2]

class Rollback(Exception): ...

said = []
items = ["pen"]
"""

CASES = {
    "delay": (
        "with transaction.atomic():\n    sell.delay_on_commit(items)\n"
        "    said.append(received())\nsaid.append(received())",
        [None, [[["pen"]], {}]],
    ),
    "apply_async": (
        "with transaction.atomic():\n    sell.apply_async_on_commit((items,), {'count': 2}, priority=1)\n"
        "    said.append(received())\nsaid.append(received())",
        [None, [[["pen"]], {"count": 2}]],
    ),
    "no transaction": ("sell.delay_on_commit(items)\nsaid.append(received())", [[[["pen"]], {}]]),
    "a rollback": (
        "try:\n    with transaction.atomic():\n        sell.delay_on_commit(items)\n        raise Rollback\n"
        "except Rollback: ...\nsaid.append(received())",
        [None],
    ),
    "a wrong call": (
        "try:\n    with transaction.atomic():\n        sell.delay_on_commit(5)\n"
        "except ValueError as error: said.append(error.parameter)\nsaid.append(received())",
        ["items", None],
    ),
    "a wrong option": (
        "try:\n    with transaction.atomic():\n        sell.apply_async_on_commit((items,), count_down=5)\n"
        "except TypeError as error: said.append(error.do)\nsaid.append(received())",
        ["Did you mean countdown?", None],
    ),
}


@pytest.mark.parametrize(("code", "said"), CASES.values(), ids=CASES)
def test_a_call_leaves_with_its_transaction(tmp_path: Path, code: str, said: list[object]) -> None:
    assert json.loads(run(tmp_path, f"{CALLER}{code}\nprint(json.dumps(said))")) == said


def test_without_django_it_is_said(tmp_path: Path) -> None:
    code = """
import sys
sys.modules["django"] = None
from taskcontract import Service
shop = Service("shop")
@shop.task(version="1.0.0")
def sell(item: str) -> int: ...
try:
    sell.delay_on_commit("pen")
except TypeError as error:
    print(error)
"""
    assert "Django is not installed here" in run(tmp_path, code)


def run(folder: Path, code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
