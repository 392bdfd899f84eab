"""A client of the result store with a time limit of its own, or the store's where that cannot be made."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery
from celery.backends.redis import RedisBackend

from taskcontract.celery_compat.redis_backend import own_client


def make_backend(**settings: Any) -> Any:
    app = Celery("results", backend="redis://127.0.0.1:1/3", set_as_current=False)
    app.conf.update(settings)
    return app.backend


@pytest.mark.parametrize(("configured", "waits"), [(120.0, 5.0), (None, 5.0), (2.0, 2.0)])
def test_it_waits_no_longer_than_it_may(configured: float | None, waits: float) -> None:
    backend = make_backend(redis_socket_timeout=configured)
    with own_client(backend, 5.0) as client:
        settings = client.connection_pool.connection_kwargs
        assert (settings["socket_timeout"], settings["db"]) == (waits, 3)
        assert client is not backend.client


def test_without_a_way_to_make_one_it_is_the_stores_own(monkeypatch: pytest.MonkeyPatch) -> None:
    backend = make_backend()
    made = backend.client
    monkeypatch.delattr(RedisBackend, "_create_client")
    with own_client(backend, 5.0) as client:
        assert client is made
