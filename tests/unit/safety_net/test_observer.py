"""An observed app's worker counts the calls of undeclared tasks, and nothing else changes."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery import Celery, signals

from taskcontract import Provider, Service
from taskcontract.errors import DeclarationError
from taskcontract.safety_net import install_observer, install_safety_net, observer
from taskcontract.safety_net.observer import ObserverStep, find_observed_service
from taskcontract.usage import MemoryStore


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> MemoryStore:
    store = MemoryStore()
    monkeypatch.setattr(observer, "store_for", lambda _: store)
    return store


def make_app(name: str | None = "plain") -> Celery:
    return Celery(name, broker="memory://", backend="cache+memory://", set_as_current=False)


class Consumer:
    """What Celery's signal has for a sender."""

    def __init__(self, app: Celery) -> None:
        self.app = app


def receive(app: Celery, name: str, *args: Any, headers: Any = None, **kwargs: Any) -> None:
    """Say that a worker of `app` has received a call, as Celery does."""
    request = SimpleNamespace(
        task=SimpleNamespace(name=name),
        delivery_info={"redelivered": False},
        message=SimpleNamespace(headers=headers or {}),
        args=args,
        kwargs=kwargs,
    )
    for _, answer in signals.task_received.send(sender=Consumer(app), request=request):
        assert not isinstance(answer, Exception)


def work(app: Celery) -> ObserverStep:
    step = ObserverStep(SimpleNamespace(app=app))
    step.start(SimpleNamespace(app=app))
    return step


def test_calls_are_counted_with_their_shapes(store: MemoryStore) -> None:
    app = make_app()
    install_observer(app)
    step = work(app)
    receive(app, "add", 1, 2)
    receive(app, "add", 1, y="b", headers={"taskcontract": {"version": "", "consumer": "web"}})
    receive(app, "celery.chord_unlock", 1)
    receive(app, "taskcontract.errback", 1)
    receive(make_app(), "add", 1, 2)
    step.stop(SimpleNamespace(app=app))
    counted = store.read("plain")
    assert [(each.key.task, each.key.version, each.key.consumer, each.shape) for each in counted.shapes] == [
        ("add", "", "(unknown)", '[["integer","integer"],{}]'),
        ("add", "", "web", '[["integer"],{"y":"string"}]'),
    ]
    assert counted.since is not None


def test_no_call_is_counted_twice_where_it_is_declared(store: MemoryStore) -> None:
    app = make_app()
    shop = Service("shop", queue="q")

    @shop.task(version="1.0.0", aliases=("shop.vend",))
    def sell(item: str) -> None: ...

    Provider(app, shop).implements(sell)(lambda item: None)
    step = work(app)
    for name in ("shop.sell", "shop.vend", "other"):
        receive(app, name, "pen")
    step.terminate(SimpleNamespace(app=app))
    assert [use.key.task for use in store.read("plain").uses] == ["other"]


def test_the_net_observes_too_and_twice_is_once(store: MemoryStore) -> None:
    app = make_app()
    install_safety_net(app)
    install_observer(app)
    install_safety_net(app)
    step = work(app)
    receive(app, "add", 1)
    step.stop(SimpleNamespace(app=app))
    assert [use.count for use in store.read("plain").uses] == [1]


@pytest.mark.parametrize(
    ("main", "service", "name"), [("shop", "", "shop"), (None, "", "celery"), ("shop", "till", "till")]
)
def test_counts_are_kept_by_a_name(main: str | None, service: str, name: str) -> None:
    app = make_app(main)
    assert find_observed_service(app) == (main or "celery"), "also where nobody observes"
    install_safety_net(app)
    install_observer(app, service=service)
    assert find_observed_service(app) == name


@pytest.mark.parametrize("service", ["a\nb", "x" * 201])
def test_a_name_that_cannot_be_shown_is_refused(service: str) -> None:
    with pytest.raises(DeclarationError, match="no name to count by"):
        install_observer(make_app(), service=service)


def test_a_call_that_cannot_be_counted_is_served(store: MemoryStore) -> None:
    app = make_app()
    install_observer(app)
    step = work(app)
    broken = SimpleNamespace(task=SimpleNamespace(name="add"), delivery_info=None, message=None)
    answers = signals.task_received.send(sender=Consumer(app), request=broken)
    step.stop(SimpleNamespace(app=app))
    assert not any(isinstance(answer, Exception) for _, answer in answers)
    assert store.read("plain").uses == ()
