"""Each queue of an app, declared or asked for, is what stands in its place."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import pytest
from celery import Celery
from celery.app.amqp import AMQP, Queues
from kombu import Queue

from taskcontract.celery_compat import named_queues
from taskcontract.errors import ConfigError


class Renamed(named_queues.ReplacedQueues):
    def replace(self, queue: Any) -> Any:
        return Queue(f"our-{queue.name}", alias=queue.name, routing_key=queue.name)


class RenamedAMQP(AMQP):
    queues_cls = Renamed


def test_each_way_to_add_a_queue_leads_to_ours() -> None:
    app: Any = Celery("named", set_as_current=False)
    app.conf.task_queues = [Queue("declared")]
    queues: Any = RenamedAMQP(app).queues
    queues.add(Queue("added"))
    queues.add("by-name", routing_key="x")
    queues.select_add("selected")
    names = ["our-added", "our-by-name", "our-declared", "our-selected"]
    assert sorted(queue.name for queue in queues.values()) == names
    assert queues["declared"] is queues["our-declared"]


def test_without_what_all_of_them_call_no_run_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(Queues, "_add")
    monkeypatch.delitem(sys.modules, named_queues.__name__)
    with pytest.raises(ConfigError, match=r"Queues\._add, which is needed for keeping the queues of a run"):
        import_module(named_queues.__name__)
