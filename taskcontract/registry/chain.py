"""States that follow one another, each under a number of its own that only one writer can have."""

from __future__ import annotations

import os
import random
import time
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import RegistryError, SpecError
from taskcontract.model.canonical import dump_canonical, parse_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json
    from taskcontract.registry.store import Store

__all__ = ["Link", "advance", "find_newest", "parse_object"]

LAST = 10**12 - 1
"""Numbers count down from here, so that the newest state is the first of a listing."""
PATIENCE = 120.0
"""Seconds in which a writer gets its turn, among others that write to the same place."""
WRITER = "writer"
"""The member by which a writer knows its own state again."""


class Link(NamedTuple):
    """The state with the number `number`, from 1; 0 and None where there is none yet."""

    number: int
    state: Json = None


def find_newest(store: Store, folder: str) -> Link:
    """Return the newest state in `folder` (`environments/production/`): two requests."""
    key = store.find_first(folder)
    if key is None:
        return Link(0)
    return Link(_read_number(key, folder, store), _read_state(store, key))


def advance(store: Store, folder: str, change: Callable[[Json], Json]) -> Json:
    """Write what `change` makes of the newest state (None where there is none), and return it.

    `change` is asked again where another writer was faster, and returns the state itself where there is
    nothing to change. A RegistryError if this never gets its turn.
    """
    until = time.monotonic() + PATIENCE
    while True:
        newest = find_newest(store, folder)
        state = change(newest.state)
        if state == newest.state:
            return state
        written = {**state, WRITER: os.urandom(12).hex()}
        if store.create(_spell(folder, newest.number + 1), dump_canonical(written).encode()):
            return state
        if time.monotonic() > until:
            raise RegistryError(
                f"others write here all the time: no turn in {PATIENCE:g} seconds",
                where=f"{store.place}/{folder}",
                do="Run the command again.",
            )
        time.sleep(random.uniform(0, 0.05))  # noqa: S311 - to part those who race


def parse_object(data: bytes, store: Store, key: str) -> Json:
    """Return the JSON value that is under `key`; a RegistryError for what is cut short or no JSON."""
    where = f"{store.place}/{key}"
    try:
        return parse_json(data.decode(), where=where)
    except UnicodeDecodeError:
        what = "this is not UTF-8 text"
    except SpecError as error:
        what = error.what
    raise RegistryError(
        what, where=where, do="It was damaged after it was written: restore this object, or remove it."
    )


def _spell(folder: str, number: int) -> str:
    return f"{folder}{LAST - number:012}.json"


def _read_number(key: str, folder: str, store: Store) -> int:
    name = key.removeprefix(folder).removesuffix(".json")
    if len(name) != 12 or not name.isdecimal():
        raise RegistryError(
            "this is nothing that taskcontract wrote", where=f"{store.place}/{key}", do="Remove it."
        )
    return LAST - int(name)


def _read_state(store: Store, key: str) -> Json:
    data = store.read(key)
    state = None if data is None else parse_object(data, store, key)
    if not isinstance(state, dict):
        raise RegistryError(
            "this is no state of a registry", where=f"{store.place}/{key}", do="Restore it, or remove it."
        )
    state.pop(WRITER, None)
    return state
