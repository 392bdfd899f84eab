"""What a running system does not tell is not taken for nothing; and asking leaves no traces."""

from __future__ import annotations

import json
import os
import signal
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.brokers import BROKERS, Room, open_room
from tests.support.celery_worker import run_celery_worker
from tests.support.own_redis import open_redis
from tests.support.running_shop import Shop, open_shop, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

PLAIN = """
from celery import Celery
from taskcontract import embedded

embedded.register()
app = Celery("plain")
"""


@pytest.mark.parametrize("broker", BROKERS)
def test_what_a_worker_holds_that_does_not_answer_is_in_flight(tmp_path: Path, broker: str) -> None:
    with open_shop(tmp_path, broker) as shop, shop.work("-P", "solo"):
        for item in ("slow", "pen", "pen"):
            shop.send("shop.sell", item)
        wait_for(lambda: "received" in (tmp_path / "worker.log").read_text())
        retire = ("retire", "sell@1", "--without-usage", "--timeout", "0.3")
        if broker == "rabbitmq":
            for command in (retire, ("inflight", "--timeout", "0.3")):
                told = shop.run(*command, code=2)
                assert f"the queue '{shop.room.name}' has 1 consumer(s), 0 of them answered" in told
                assert "--timeout" in told
        else:
            assert "of its messages are in flight" in shop.run(*retire, code=1)
        shop.finish()
        wait_for(lambda: shop.run("inflight").startswith("0 in flight"))


@pytest.mark.parametrize("broker", BROKERS)
def test_messages_in_another_queue_of_the_worker_are_found(tmp_path: Path, broker: str) -> None:
    with open_shop(tmp_path, broker) as shop:
        slow = f"{shop.room.name}.slow"
        with open_room(broker, slow), shop.work(queues=f"{shop.room.name},{slow}"):
            for _ in range(7):
                shop.send("shop.sell", "slow", queue=slow)
            wait_for(lambda: "7 of its" in shop.run("retire", "sell@1", "--without-usage", code=1))
            told = shop.run("inflight")
            assert f"7 in flight for {shop.room.name}, {slow}" in told
            assert "?" not in told, "a worker does not say the version, but the wire name does"
            shop.finish()
            wait_for(lambda: shop.run("inflight").startswith("0 in flight"))


def test_messages_in_another_queue_of_the_app_are_found(tmp_path: Path) -> None:
    with open_shop(tmp_path, "embedded") as shop:
        named = '\nfrom kombu import Queue\napp.conf.task_queues = [Queue("another")]\n'
        with (tmp_path / "service.py").open("a") as file:
            file.write(named)
        shop.send("shop.sell", "pen", queue="another")
        shop.send("shop.sell_v2", "pen", queue="another")
        retire = ("retire", "sell@1", "--without-usage", "--timeout", "0.1")
        assert "1 of its messages are in flight" in shop.run(*retire, code=1)


@pytest.mark.parametrize("broker", BROKERS)
def test_messages_of_protocol_1_are_found(tmp_path: Path, broker: str) -> None:
    with open_shop(tmp_path, broker) as shop:
        shop.caller.conf.task_protocol = 1
        shop.send("shop.sell", "pen")
        assert shop.in_flight() == [("shop.sell", "1.0.0", "waiting")]
        retire = ("retire", "sell@1", "--without-usage", "--timeout", "0.1")
        assert "1 of its messages are in flight" in shop.run(*retire, code=1)


@pytest.mark.parametrize("broker", ["embedded", "redis"])
def test_a_plain_worker_notices_nothing(tmp_path: Path, broker: str) -> None:
    """The others broadcast to all alike; here only ours is to be asked our own question."""
    with open_shop(tmp_path, broker) as shop:
        (tmp_path / "plain.py").write_text(PLAIN)
        log = tmp_path / "plain.log"
        plain = ("plain", tmp_path, f"{shop.room.name}.plain", "-P", "threads")
        with shop.work(), run_celery_worker(*plain, environment=shop.environment, log=log):
            shop.run("inspect")
        assert "ERROR" not in log.read_text()


def test_workers_of_one_name_are_told(tmp_path: Path) -> None:
    with open_shop(tmp_path, "redis") as shop:
        name = f"--hostname={shop.room.name}"
        with shop.work(name), shop.work(name):
            told = shop.run("inspect", code=1)
            assert f"2 workers are called celery@{shop.room.name}: give them names with -n" in told
            for _ in range(4):
                shop.send("shop.sell", "slow")
            # Each has its messages: neither's answer takes the place of the other's.
            wait_for(lambda: sum(place == "active" for _, _, place in shop.in_flight(3)) == 2)
            assert len(shop.in_flight(3)) == 4


def test_counting_is_known_before_the_first_call(tmp_path: Path) -> None:
    started = time.time()
    with open_shop(tmp_path, "embedded") as shop:
        with shop.work():
            pass
        told = json.loads(shop.run("usage", "--format", "json"))
        assert told["services"]["shop"]["uses"] == []
        assert started <= told["services"]["shop"]["counted_since"] <= time.time()
        assert "may go" in shop.run("retire", "sell@1", "--days", "0", "--timeout", "0.1")


@contextmanager
def hanging_redis(folder: Path) -> Iterator[str]:
    """A Redis that takes connections and answers nothing."""
    with open_redis(folder) as (url, server):
        os.kill(server.pid, signal.SIGSTOP)
        yield url


@pytest.mark.parametrize("command", ["inflight", "inspect", "usage"])
def test_a_redis_that_hangs_does_not_hang_the_command(tmp_path: Path, command: str) -> None:
    with hanging_redis(tmp_path) as url:
        shop = Shop(tmp_path, Room("x", url, "disabled://"))
        del shop.environment["TASKCONTRACT_USAGE"]
        assert "cannot be reached: Timeout" in shop.run(command, code=2)
