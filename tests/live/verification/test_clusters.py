"""Contracts on the cluster of a project's own pytest-celery fixtures, made of plain processes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import ProviderState
from tests.support.brokers import Room, open_room
from tests.support.shop_project import BINDINGS, ShopProject, ask

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
PLUGINS = ROOT / ".cache/clusters"
"""Where `.ci/setup` puts pytest-celery: any run of pytest that finds it loads Docker's client."""

CONFTEST = """\
import os

import pytest
from pytest_celery import CeleryBackendCluster, CeleryBrokerCluster, CeleryWorkerCluster

from taskcontract.testing.pytest_celery import ServerBackend, ServerBroker, WorkerProcess

BROKER, BACKEND = os.environ["BROKER"], os.environ["BACKEND"]


@pytest.fixture(scope="session")
def celery_broker_cluster():
    return CeleryBrokerCluster(ServerBroker(BROKER))


@pytest.fixture(scope="session")
def celery_backend_cluster():
    return CeleryBackendCluster(ServerBackend(BACKEND))


@pytest.fixture(scope="session", params=os.environ["WORKERS"].split())
def celery_worker_cluster(request):
    worker = WorkerProcess(request.param, broker=BROKER, backend=BACKEND, queues=os.environ["ROOM"])
    try:
        assert worker.ready()
        yield CeleryWorkerCluster(worker)
    finally:
        worker.teardown()
"""

TEST = """\
import os

import pytest

from taskcontract.errors import VerificationError
from taskcontract.testing.pytest_celery import WorkerProcess


def test_contracts_hold(celery_setup, contract_interaction):
    assert len(celery_setup) == 3
    contract_interaction.verify()


def test_a_worker_that_does_not_start_is_told_with_its_log():
    worker = WorkerProcess("no_such_app", broker=os.environ["BROKER"], backend=os.environ["BACKEND"])
    try:
        with pytest.raises(VerificationError, match="ended with exit code") as caught:
            worker.ready()
        assert "no_such_app" in str(caught.value)
    finally:
        worker.teardown()
    assert worker.logs() == ""
"""

NEW_SHOP = """\
from shop import app

app.finalize()
app.tasks["shop.plain"].run = lambda value=None: {"given": str(value)}
"""


@pytest.fixture(params=["redis", "rabbitmq"])
def room(request: pytest.FixtureRequest) -> Iterator[Room]:
    with open_room(request.param) as room:
        yield room


@pytest.fixture
def shop(project: ShopProject, room: Room) -> ShopProject:
    """A project whose tests have a cluster of one worker, of the service as it is and as it will be."""
    project.write("shop_bindings.py", BINDINGS.replace('queue="shop"', f"queue={room.name!r}"))
    project.write("new_shop.py", NEW_SHOP)
    project.write("conftest.py", CONFTEST)
    project.write("test_contracts.py", TEST)
    shelf = ProviderState("a shelf")
    project.write_contract(
        ask("order", "tea", 3, queue=room.name, result="s3://tea/3", description="an order"),
        ask("plain", 1, queue=room.name, result={"given": 1}, description="a value", states=(shelf,)),
        ask("plain", 2, queue=room.name, result={"given": 3}, description="pending", pending=True),
    )
    return project


def run_tests(project: ShopProject, room: Room, *workers: str) -> str:
    """The output of the project's own `pytest`, in which a test has to fail."""
    if not PLUGINS.is_dir():
        pytest.fail("pytest-celery is not installed in .cache/clusters: `make setup` does that")
    environment = {
        "PYTHONPATH": os.pathsep.join([str(PLUGINS), str(ROOT)]),
        "ROOM": room.name,
        "BROKER": room.broker,
        "BACKEND": room.backend,
        "WORKERS": " ".join(workers),
        "TASKCONTRACT_USAGE": "off",
        "TMPDIR": str(project.tmp),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-v"],
        cwd=project.root,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


def test_each_interaction_is_a_test_on_each_cluster(shop: ShopProject, room: Room) -> None:
    workers = ("shop", "new_shop") if room.broker.startswith("redis") else ("new_shop",)
    output = run_tests(shop, room, *workers)
    counts = "1 failed, 4 passed, 2 xfailed" if len(workers) == 2 else "1 failed, 2 passed, 1 xfailed"
    assert counts in output, output
    assert f"test_contracts_hold[{workers[0]}-web--shop: an order] PASSED" in output
    assert "test_contracts_hold[new_shop-web--shop: a value] FAILED" in output
    assert '$.given: "1" is not equal to 1' in output
    assert "log of new_shop-" in output
    assert "taskcontract/pytest_plugin" not in output
    begun = [line for line in shop.read("journal.txt") if line == "set up left"]
    assert len(begun) == len(workers)
