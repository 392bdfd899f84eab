"""Every queue of an app, declared or not, is one of the run's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from kombu import Exchange, Queue

from taskcontract.verification.sandbox.run_queues import make_amqp, name_queue
from taskcontract.verification.sandbox.sandbox import open_sandbox

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def queues() -> Iterator[Any]:
    sandbox = open_sandbox("embedded", None)
    app = Celery("shop", set_as_current=False)
    app.conf.task_queues = [
        Queue("shop", Exchange("shops", "topic"), routing_key="shop.#", max_priority=5),
        Queue("attic", durable=False),
    ]
    yield make_amqp(sandbox, "r-1")(app).queues
    sandbox.close()


@pytest.mark.parametrize("name", ["shop", "attic", "celery", "nobody declared it"])
def test_name_leads_to_the_runs_queue(name: str, queues: Any) -> None:
    queue = queues[name]
    assert queue.name == queue.routing_key == f"{name}.taskcontract-r-1"
    assert queue.exchange.name == ""
    assert queues[name] is queue
    assert queues[queue.name] is queue, "a retry names the queue that it came from"


def test_a_long_name_fits_every_broker_and_stays_apart() -> None:
    long = ["q" * 54, "q" * 55, "q" * 100, "q" * 99 + "p"]
    names = [name_queue(name, "0123456789-1") for name in long]
    assert names[0] == f"{long[0]}.taskcontract-0123456789-1"
    assert [len(name) for name in names] == [80] * 4
    assert len(set(names)) == 4
    assert [name_queue(name, "0123456789-1") for name in names] == names


def test_priorities_are_kept(queues: Any) -> None:
    assert queues["shop"].max_priority == 5
    assert queues["attic"].max_priority is None


def test_names_are_made_once() -> None:
    assert name_queue(name_queue("shop", "r-1"), "r-1") == "shop.taskcontract-r-1"
