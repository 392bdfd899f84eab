# mypy: disable-error-code="empty-body"
"""Calls for which nobody named an app, a broker or a result store: each in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery

from taskcontract import Result, Service
from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

BINDINGS = """
from taskcontract import Service

shop = Service("shop")

@shop.task(version="1.0.0")
def sell(item: str) -> int: ...
"""

# Nothing is to reach a broker: what matters is what is said before.
CALLER = """
from contextlib import nullcontext
from celery import Celery
from kombu import Connection, Producer
from shop_bindings import sell, shop

class Nowhere(Producer):
    def publish(self, *args, **options): ...

nowhere = nullcontext(Nowhere(Connection("memory://"), auto_declare=False))
Celery.producer_or_acquire = lambda app, producer=None: nowhere
"""


def run(folder: Path, code: str, **environment: str) -> str:
    (folder / "shop_bindings.py").write_text(BINDINGS)
    clean = {name: value for name, value in os.environ.items() if not name.startswith("CELERY")}
    done = subprocess.run(
        [sys.executable, "-W", "always::UserWarning", "-c", CALLER + code],
        cwd=folder,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


@pytest.mark.process
@pytest.mark.parametrize(
    ("code", "environment", "times"),
    [
        ("sell.delay('pen')", {}, 1),
        ("sell.delay('pen'); sell.s('cup').delay()", {}, 1),
        ("sell.map(['pen']).delay()", {}, 1),
        ("sell.s('pen'); sell.si('pen'); sell.call('pen')", {}, 0),
        ("sell.delay('pen')", {"CELERY_BROKER_URL": "memory://"}, 0),
        ("shop.use(Celery('checkout')); sell.delay('pen')", {}, 0),
        ("app = Celery('checkout'); sell.delay('pen')", {}, 0),
        ("Celery('checkout').set_default(); sell.delay('pen')", {}, 0),
        # An app is current in the thread that made it, and no other.
        (
            "import threading; app = Celery('checkout')\n"
            "thread = threading.Thread(target=sell.delay, args=('pen',)); thread.start(); thread.join()",
            {},
            1,
        ),
    ],
)
def test_a_call_without_an_app_is_told_of_once(
    tmp_path: Path, code: str, environment: dict[str, str], times: int
) -> None:
    told = run(tmp_path, code, **environment)
    assert told.count("NoAppWarning: calls of shop have no Celery app") == times
    if times:
        assert "shop.use(app)" in told
        assert "CELERY_BROKER_URL" in told


shop = Service("shop")


@shop.task(version="1.0.0")
def sell(item: str) -> int: ...


@pytest.fixture
def result() -> Iterator[Result[int]]:
    """The result of a call through an app without a result store."""
    app = Celery("checkout", broker="memory://", set_as_current=False)
    shop.use(app)
    yield sell.delay("pen")
    shop.app = None
    app.close()


async def wait(result: Result[int]) -> object:
    return await result.aget(timeout=1)


def run_to_its_end(result: Result[int]) -> None:
    coroutine = wait(result)
    try:
        coroutine.send(None)
    finally:
        coroutine.close()


CALLS = ("get", "wait", "ready", "successful", "failed", "forget", "exists", "maybe_throw", "get_leaf")
FACTS = ("result", "info", "state", "status", "traceback", "children", "date_done", "retries", "graph")
READS: dict[str, Callable[[Any], object]] = {
    **{name: (lambda result, name=name: getattr(result, name)()) for name in CALLS},
    **{name: (lambda result, name=name: getattr(result, name)) for name in FACTS},
    "aget": run_to_its_end,
    "collect": lambda result: list(result.collect()),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_result_without_a_store_is_told_of_with_its_app(
    result: Result[int], read: Callable[[Any], object]
) -> None:
    with pytest.raises(
        BrokerError, match=r"sell@1\.0\.0 .* the Celery app 'checkout' has no result backend"
    ) as caught:
        read(result)
    assert "CELERY_RESULT_BACKEND" in caught.value.do
