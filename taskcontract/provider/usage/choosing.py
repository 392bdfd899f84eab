"""Which store an app has."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.provider.reaching import backend_of, connection_of
from taskcontract.provider.usage.file_store import FileStore
from taskcontract.provider.usage.redis_store import RedisStore, backend_redis, broker_redis
from taskcontract.provider.usage.store import NoStore

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.provider.usage.store import UsageStore

__all__ = ["store_for"]

VARIABLE = "TASKCONTRACT_USAGE"


def store_for(app: Celery) -> UsageStore:
    """The store for the app's workers: its Redis, if it has one, else the default file.

    `TASKCONTRACT_USAGE` names another file; `off` keeps nothing.
    """
    named = os.environ.get(VARIABLE)
    if named == "off":
        return NoStore(f"{VARIABLE}=off")
    if named:
        return FileStore(Path(named).expanduser())
    connection = connection_of(app)
    if connection.transport.driver_type == "redis":
        return RedisStore(partial(broker_redis, app), connection.as_uri())
    backend = backend_of(app)
    if hasattr(backend, "connparams"):  # Celery's own for Redis and what derives from it, not imported here
        return RedisStore(partial(backend_redis, app), backend.as_uri())
    return FileStore(_default_file())


def _default_file() -> Path:
    """`taskcontract/usage.sqlite` in the user's state folder."""
    state = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(state) / "taskcontract" / "usage.sqlite"
