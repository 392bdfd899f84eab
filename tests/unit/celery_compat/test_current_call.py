"""The requests of the call that is served, with Celery's stacks and without."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import celery
from celery import Celery, Task, _state

from taskcontract.celery_compat.current_call import current_requests

if TYPE_CHECKING:
    import pytest

app = Celery("calls", set_as_current=False)
app.conf.update(task_always_eager=True, task_eager_propagates=True)


class Handing(app.Task):  # type: ignore[name-defined]
    """A base class that hands on what it is given, as those of tenants do."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return super().__call__(*args, **kwargs)


@app.task(name="inner", shared=False)
def inner() -> list[str]:
    return [request.id for request in current_requests()]


@app.task(name="outer", shared=False, base=Handing)
def outer(directly: bool) -> list[str]:
    called: Any = inner
    return called() if directly else called.apply(task_id="another").get(disable_sync_subtasks=False)


def run(*, directly: bool) -> list[str]:
    called: Any = outer
    found: list[str] = called.apply((directly,), task_id="served").get()
    return found


def test_nothing_is_served() -> None:
    assert list(current_requests()) == []


def test_what_is_called_directly_is_within_the_call() -> None:
    assert run(directly=True)[-1] == "served"
    assert set(run(directly=True)) == {None, "served"}


def test_another_call_has_its_own() -> None:
    assert set(run(directly=False)) == {"another"}


def test_without_the_stack_of_tasks_the_innermost_call_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert hasattr(_state, "_task_stack")
    monkeypatch.setattr(celery, "_state", SimpleNamespace())
    assert list(current_requests()) == []
    assert run(directly=False) == ["another"]


def test_without_the_stack_of_requests_the_innermost_of_each_task_is_known(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "request_stack" in vars(Task)
    request = SimpleNamespace(id="served", called_directly=False)
    stack = SimpleNamespace(stack=[SimpleNamespace(request=request)])
    monkeypatch.setattr(celery, "_state", SimpleNamespace(_task_stack=stack))
    assert list(current_requests()) == [request]
