"""What is read of a result, and when; replies by RPC are taken without waiting for more."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery, states
from celery.result import AsyncResult

from taskcontract.celery_compat.results import HookedResult, take_replies

app = Celery("results", broker="memory://", backend="cache+memory://", set_as_current=False)
READ = {
    "state": lambda result: result.state,
    "ready": lambda result: result.ready(),
    "result": lambda result: result.result,
    "traceback": lambda result: result.traceback,
    "children": lambda result: result.children,
}


class Asked(HookedResult):
    asked = 0

    def before_reading(self) -> None:
        self.asked += 1


def stored(task_id: str) -> Asked:
    app.backend.store_result(task_id, 5, states.SUCCESS)
    return Asked(task_id, app=app)


@pytest.mark.parametrize("read", READ.values(), ids=READ)
def test_the_hook_is_called_before_anything_is_read(read: Any) -> None:
    result = stored("one")
    read(result)
    assert result.asked


@pytest.mark.parametrize("lacks", [False, True])
def test_what_is_stored_is_read(lacks: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    result = stored("one")
    if lacks:
        monkeypatch.delattr(AsyncResult, "_get_task_meta")
    meta = result.read_meta()
    assert (meta["status"], meta["result"], result.asked) == (states.SUCCESS, 5, 1)


def test_replies_are_taken_until_the_own_one_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    rpc = Celery("rpc", broker="memory://", backend="rpc://", set_as_current=False)
    backend: Any = rpc.backend
    result: AsyncResult[Any] = AsyncResult("mine", app=rpc)
    with rpc.producer_pool.acquire() as producer:
        backend.on_task_call(producer, "mine")
    take_replies(result)
    assert not result.on_ready.ready

    class Request:
        reply_to, correlation_id, id = backend.oid, "mine", "mine"
        delivery_info: dict[str, Any] = {}  # noqa: RUF012
        root_id = parent_id = group = None
        children: list[Any] = []  # noqa: RUF012

    backend.store_result("mine", {"a": 1}, states.SUCCESS, request=Request)
    monkeypatch.setattr(backend, "get_task_meta", None)  # it is not asked: it would slurp the queue
    take_replies(result)
    assert result.on_ready.ready
    assert result.result == {"a": 1}
    backend.result_consumer.stop()
