"""Which store an app has."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.brokers.connections import backend_of, connection_of
from taskcontract.embedded.location import find_state_folder
from taskcontract.errors import ConfigError
from taskcontract.urls import spell_server
from taskcontract.usage.file_store import FileStore
from taskcontract.usage.redis_store import RedisStore, backend_redis, broker_redis
from taskcontract.usage.store import NoStore

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.usage.store import UsageStore

__all__ = ["store_for"]

VARIABLE = "TASKCONTRACT_USAGE"
HOW_TO_NAME = f"Name a file with {VARIABLE}, by its absolute path; `off` keeps no counts."


def store_for(app: Celery) -> UsageStore:
    """Return the store for the app's workers: its Redis, if it has one, else the default file.

    `TASKCONTRACT_USAGE` names another file; `off` keeps nothing.
    """
    named = os.environ.get(VARIABLE)
    if named == "off":
        return NoStore(f"{VARIABLE}=off")
    if named:
        return FileStore(_expand(named))
    connection = connection_of(app)
    if connection.transport.driver_type == "redis":
        return RedisStore(partial(broker_redis, app), spell_server(connection))
    backend = backend_of(app)
    if hasattr(backend, "connparams"):  # Celery's own for Redis and what derives from it, not imported here
        return RedisStore(partial(backend_redis, app), spell_server(backend))
    return FileStore(_default_file())


def _default_file() -> Path:
    """Return `taskcontract/usage.sqlite` in the user's state folder; raise a ConfigError if there is none."""
    state = find_state_folder()
    if state is None:
        raise ConfigError("this user has no home folder to keep the counts of calls in", do=HOW_TO_NAME)
    return state / "usage.sqlite"


def _expand(named: str) -> Path:
    try:
        return Path(named).expanduser()
    except RuntimeError:
        raise ConfigError(f"{VARIABLE}={named}: there is no such home folder", do=HOW_TO_NAME) from None
