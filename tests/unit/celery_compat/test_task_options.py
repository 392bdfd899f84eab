"""A task's own options are those that Celery sends."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery, Task
from celery.app.task import extract_exec_options  # type: ignore[attr-defined]

from taskcontract.celery_compat.task_options import NAMES, options_of

app = Celery("options", set_as_current=False)


@app.task(name="one", shared=False, time_limit=9, expires=5, compression="gzip")
def one() -> None: ...


@pytest.mark.parametrize("lacks", [False, True])
def test_options_that_are_said_are_found(lacks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if lacks:
        monkeypatch.delattr(Task, "_get_exec_options")
    assert options_of(app.tasks["one"]) == {
        "time_limit": 9,
        "expires": 5,
        "compression": "gzip",
        "serializer": "json",
    }
    assert options_of(None) == {}


def test_the_names_are_celerys() -> None:
    assert set(extract_exec_options(app.tasks["one"])) == set(NAMES)


def test_it_is_what_celery_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    task: Any = app.tasks["one"]
    monkeypatch.setattr(task, "_get_exec_options", lambda: {"queue": "another"})
    monkeypatch.setattr(app, "send_task", lambda *args, **options: sent.append(options["queue"]))
    task.apply_async()
    assert sent == ["another"]
