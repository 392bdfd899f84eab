"""The class of a worker's consumer is replaced before it is made; otherwise the worker does not start."""

from __future__ import annotations

import inspect
import subprocess
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery
from celery.worker import WorkController, components, loops, worker
from celery.worker.consumer import Consumer, consumer, tasks

from taskcontract.celery_compat.consumer_class import HOOKS
from taskcontract.safety_net.step import SafetyNetStep

REAL_WORKER = """
from celery import Celery, bootsteps
from celery.worker.consumer import Consumer
from taskcontract.celery_compat.consumer_class import replace_consumer_class

class Ours(Consumer):
    pass

def replace(theirs):
    print(theirs)
    return Ours

class Replacing(bootsteps.StartStopStep):
    def create(self, parent):
        replace_consumer_class(parent, replace)

app = Celery("worker", broker="memory://")
app.steps["worker"].add(Replacing)
print(type(app.WorkController(pool="solo").consumer).__name__)
"""


@pytest.mark.process
def test_a_worker_makes_its_consumer_of_the_class_that_a_step_before_it_gave() -> None:
    """In a process of its own: a worker that is made changes Celery for its whole process."""
    printed = subprocess.run(
        [sys.executable, "-c", REAL_WORKER], check=True, capture_output=True, text=True, timeout=60
    ).stdout
    assert printed.split() == ["celery.worker.consumer:Consumer", "Ours"]


def test_what_is_replaced_is_what_celery_calls() -> None:
    callers = "".join(inspect.getsource(module) for module in (consumer, tasks, components, loops, worker))
    for name in HOOKS:
        assert callable(getattr(Consumer, name))
        assert any(f"{owner}.{name}" in callers for owner in ("self", "c", "consumer", "obj")), name


@pytest.mark.parametrize("name", HOOKS)
def test_without_one_of_them_a_worker_does_not_start(
    name: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delattr(Consumer, name)
    parent = SimpleNamespace(consumer_cls=Consumer, app=Celery(set_as_current=False))
    with pytest.raises(SystemExit) as ended:
        SafetyNetStep(parent).create(parent)
    assert ended.value.code == 2
    assert f"has no Consumer.{name}; what this worker cannot serve would be lost" in capsys.readouterr().err


def test_a_worker_that_names_no_class_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    class Worker(WorkController):
        def __init__(self) -> None:
            self.app = Celery(set_as_current=False)

    parent: Any = Worker()
    with pytest.raises(SystemExit) as ended:
        SafetyNetStep(parent).create(parent)
    assert ended.value.code == 2
    assert "has no WorkController.consumer_cls" in capsys.readouterr().err
