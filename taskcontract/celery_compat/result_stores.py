"""The result stores of an app: each thread may get one of its own, made when it first asks.

Private: `Celery._get_backend`, which makes them, and `Celery._backend`, the one that is made already.
Without the first nothing can be changed, and who asked is told so: declared errors then arrive as Celery
itself brings them, without their fields, and a worker that would store secret arguments refuses to start.
Without the second, the thread's store is made at once.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from taskcontract.celery_compat.lacking import say_lacking

if TYPE_CHECKING:
    from collections.abc import Callable

    from celery import Celery

__all__ = ["change_result_stores", "make_result_store", "say_unchangeable"]


def change_result_stores(app: Celery, change: Callable[[Any], object]) -> bool:
    """Let `change` have each result store of `app` before it is used; False where that is not possible."""
    celery_app: Any = app
    if say_unchangeable(app):
        return False
    make = celery_app._get_backend

    def make_changed() -> Any:
        made = make()
        change(made)
        return made

    made = None
    if hasattr(celery_app, "_backend"):
        made = celery_app._backend
    else:
        with suppress(Exception):  # a URL of no store: who uses it is told
            made = celery_app.backend
    celery_app._get_backend = make_changed
    if made is not None:
        change(made)
    return True


def say_unchangeable(app: Celery) -> str:
    """Return why the result stores of `app` cannot be changed; empty where they can."""
    return say_lacking(app, "_get_backend")


def make_result_store(app: Celery) -> Any:
    """Return a result store of `app` that no one else uses."""
    celery_app: Any = app
    if not say_unchangeable(app):
        return celery_app._get_backend()
    from celery.app.backends import by_url

    made: Any = by_url
    store, url = made(celery_app.backend_cls or celery_app.conf.result_backend, celery_app.loader)
    return store(app=app, url=url)
