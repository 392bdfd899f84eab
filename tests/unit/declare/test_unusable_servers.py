"""A send through a broker or result store that cannot be used here: one sentence, however it is sent."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.process

BINDINGS = """
from taskcontract import Service

shop = Service("shop")

@shop.task(version="1.0.0")
def sell(item: str) -> int: ...
"""

CALLER = """
import sys
from celery import Celery, chain, group
from shop_bindings import sell, shop

broker, backend, send = sys.argv[1:]
shop.use(Celery("caller", broker=broker, backend=backend))
try:
    eval(send)
except Exception as error:
    print(type(error).__name__, error)
"""

REDIS = 'pip install "taskcontract[redis]"'
SERVERS = {
    "a broker without its library": (
        "redis://127.0.0.1:1",
        "cache+memory://",
        "broker needs a library",
        REDIS,
    ),
    "a broker that nobody knows": (
        "foo://x",
        "cache+memory://",
        "no broker is known by the scheme",
        "Known are",
    ),
    "a broker of Celery's extras": (
        "sqs://",
        "cache+memory://",
        "broker needs a library for sqs",
        "taskcontract[sqs]",
    ),
    "a store without its library": ("memory://", "redis://127.0.0.1:1", "backend needs a library", REDIS),
    "a store that nobody knows": ("memory://", "foo://x", "no result backend is known", "Known are"),
}
SENDS = [
    "sell.delay('pen')",
    "sell.s('pen').delay()",
    "chain(sell.si('pen'), sell.si('cup')).delay()",
    "group(sell.s('pen')).delay()",
    "sell.map(['pen']).delay()",
]


def send(folder: Path, broker: str, backend: str, code: str) -> str:
    (folder / "shop_bindings.py").write_text(BINDINGS)
    for name in ("redis", "boto3", "botocore"):
        (folder / f"{name}.py").write_text(f"raise ModuleNotFoundError({name!r}, name={name!r})\n")
    done = subprocess.run(
        [sys.executable, "-c", CALLER, broker, backend, code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize(("broker", "backend", "what", "do"), SERVERS.values(), ids=SERVERS)
def test_an_unusable_server_says_what_to_install(
    tmp_path: Path, broker: str, backend: str, what: str, do: str
) -> None:
    said = send(tmp_path, broker, backend, SENDS[0])
    assert said.startswith("ConfigError")
    assert what in said
    assert do in said


@pytest.mark.parametrize("code", [*SENDS, "sell.AsyncResult('an id').get()"])
def test_whatever_is_sent_or_read_says_so(tmp_path: Path, code: str) -> None:
    assert send(tmp_path, "memory://", "redis://127.0.0.1:1", code).startswith("ConfigError")


# A group asks Celery for its broker before it comes to us.
@pytest.mark.parametrize("code", [code for code in SENDS if not code.startswith("group")])
def test_whatever_is_sent_names_the_broker(tmp_path: Path, code: str) -> None:
    assert send(tmp_path, "redis://127.0.0.1:1", "cache+memory://", code).startswith("ConfigError")
