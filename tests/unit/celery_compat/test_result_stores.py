"""Each result store of an app is changed, made or to be made; and what happens where none can be."""

from __future__ import annotations

import logging
from threading import Thread
from typing import Annotated, Any

import pytest
from celery import Celery
from celery.backends.cache import CacheBackend

from taskcontract import Provider, Secret, Service
from taskcontract.celery_compat.result_stores import change_result_stores, make_result_store
from taskcontract.errors import ProviderError


def make_app() -> Any:
    return Celery("stores", broker="memory://", backend="cache+memory://", set_as_current=False)


def mark(store: Any) -> None:
    assert not hasattr(store, "marked")
    store.marked = True


def marks_of(app: Any) -> list[bool]:
    """Whether the store of this thread is changed, and that of another one."""
    found: list[bool] = []

    def look() -> None:
        found.append(hasattr(app.backend, "marked"))

    look()
    thread = Thread(target=look)
    thread.start()
    thread.join()
    return found


@pytest.mark.parametrize("made_before", [True, False])
def test_stores_that_are_there_and_those_to_come_are_changed(made_before: bool) -> None:
    app = make_app()
    if made_before:
        assert app.backend is app._backend
    assert change_result_stores(app, mark)
    assert marks_of(app) == [True, True]
    assert hasattr(make_result_store(app), "marked")
    assert make_result_store(app) is not app.backend


def test_a_store_that_cannot_be_seen_is_made_at_once() -> None:
    class Blind(Celery):
        def __getattribute__(self, name: str) -> Any:
            if name == "_backend" and "_get_backend" not in vars(self):
                raise AttributeError(name)
            return super().__getattribute__(name)

    app: Any = Blind("blind", backend="cache+memory://", set_as_current=False)
    assert change_result_stores(app, mark)
    assert hasattr(app.backend, "marked")


@pytest.fixture
def lacking(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.delattr(Celery, "_get_backend")
    return make_app()


def test_without_what_makes_them_nothing_is_changed(lacking: Any) -> None:
    assert not change_result_stores(lacking, mark)


def test_without_what_makes_them_one_is_made_of_its_url(lacking: Any) -> None:
    store = make_result_store(lacking)
    assert isinstance(store, CacheBackend)
    assert vars(store)["app"] is lacking
    lacking.backend_cls = "rpc://"
    assert type(make_result_store(lacking)).__name__ == "RPCBackend"


def test_declared_errors_then_arrive_without_their_fields(
    lacking: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        Service("s", queue="s").use(lacking)
    assert "declared errors arrive without their fields: celery" in caplog.text


@pytest.mark.parametrize("stored", [True, False])
def test_a_worker_that_would_store_secrets_does_not_start(lacking: Any, stored: bool) -> None:
    service = Service("s", queue="s")

    @service.task(version="1.0.0")
    def pay(card: Annotated[str, Secret]) -> None: ...

    lacking.conf.result_extended = stored
    provider = Provider(lacking, service)
    provider.implements(pay)(lambda card: None)
    if not stored:
        provider.check()
        return
    with pytest.raises(ProviderError, match="set result_extended to False"):
        provider.check()
