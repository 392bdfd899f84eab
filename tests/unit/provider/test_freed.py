"""Nothing of ours keeps an app alive: tests, shells and servers make many."""

from __future__ import annotations

import gc
import weakref
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, signals

from taskcontract import Provider, Service
from taskcontract.operations.served_versions import answer_inspections
from taskcontract.provider.worker_step import ProviderStep
from taskcontract.safety_net import install_safety_net
from taskcontract.safety_net.quarantine import Quarantine
from taskcontract.usage import counter

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 100


class Worker:
    """What a step of Celery's worker is given."""

    def __init__(self, app: Celery) -> None:
        self.app = app


def make_app() -> Celery:
    return Celery("shop", broker="memory://", backend="cache+memory://", set_as_current=False)


def provide(app: Celery) -> Provider:
    service = Service("shop")

    @service.task(version="1.0.0")
    def sell(item: str) -> int: ...

    service.use(app)
    provider = Provider(app, service)
    provider.implements(sell)(lambda item: 1)
    return provider


def provide_and_finalize(app: Celery) -> Provider:
    provider = provide(app)
    provider.check()
    return provider


def count(app: Celery) -> Any:
    provider = provide(app)
    (task,) = provider.service.tasks
    provider.usage.count(task, {})
    timer: Any = provider.usage._timer  # it holds the counts, until they are written
    timer.cancel()
    timer.join(10)
    return provider.usage


def look(app: Celery) -> Any:
    with Quarantine(app) as quarantine:
        assert quarantine.look() == []
    return quarantine


def start_and_end(app: Celery) -> Any:
    """What a worker's process does."""
    provider = provide_and_finalize(app)
    provider.usage.start = provider.usage.stop = lambda: None  # type: ignore[method-assign]
    worker: Any = Worker(app)
    step = ProviderStep(worker)
    signals.worker_init.send(sender=worker)
    step.start(worker)
    step.stop(worker)
    return provider


WAYS: dict[str, Callable[[Celery], Any]] = {
    "a provider": provide,
    "a provider that was checked": provide_and_finalize,
    "a safety net": install_safety_net,
    "counted calls": count,
    "inspections": lambda _: answer_inspections(),
    "a quarantine": look,
    "a worker's step": start_and_end,
}


@pytest.fixture(autouse=True)
def unwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """No count is written, in a thread, while a test looks at what holds it."""
    monkeypatch.setattr(counter, "FIRST_AFTER", counter.FLUSH_AFTER)


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_an_app_is_freed_with_all_that_it_had(way: Callable[[Celery], Any]) -> None:
    freed: list[weakref.ref[Any]] = []

    def make() -> None:
        app = make_app()
        made = way(app)
        freed.append(weakref.ref(app))
        if made is not None:
            freed.append(weakref.ref(made))

    for _ in range(MANY):
        make()
    gc.collect()
    alive = [ref for ref in freed if ref() is not None]
    assert len(freed) >= MANY
    assert alive == []


def test_an_app_that_is_alive_keeps_its_providers() -> None:
    app = make_app()
    heard: list[str] = []
    vars(provide(app))["refuse_to_start"] = lambda _: heard.append("init")
    gc.collect()
    signals.worker_init.send(sender=Worker(app))
    assert heard == ["init"]
