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

__all__ = ["store_at", "store_for"]

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


def store_at(place: str) -> UsageStore:
    """Return the store at `place`, a file of counts or the URL of a Redis; a ConfigError for others.

    Redis is reached as the broker of an app whose keys have no prefix.
    """
    if "://" not in place:
        file = _expand(place)
        if not file.is_file():
            raise ConfigError(
                "there is no such file of counts", where=place, do="Name the file, or redis://HOST/DB."
            )
        return FileStore(file)
    from celery import Celery

    from taskcontract.servers import check_broker_url

    check_broker_url(place)
    app = Celery("taskcontract", broker=place, set_as_current=False)
    connection = connection_of(app)
    if connection.transport.driver_type != "redis":
        raise ConfigError(
            "counts are kept in Redis or in a file",
            where=spell_server(connection),
            do="Name the file that the workers count in, or redis://HOST/DB.",
        )
    return RedisStore(partial(broker_redis, app), spell_server(connection))


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
