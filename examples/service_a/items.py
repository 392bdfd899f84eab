"""Items and where they are kept: a SQLite file, named by `SERVICE_A_DATABASE`."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass

__all__ = ["Item", "find_items", "next_id", "store_item"]


@dataclass(frozen=True, slots=True)
class Item:
    """One item; `id` counts from 1."""

    id: int
    name: str = ""


def store_item(item: Item) -> None:
    """Keep `item`, in place of any with its id."""
    with closing(_open()) as database, database:
        database.execute("INSERT OR REPLACE INTO items (id, name) VALUES (?, ?)", (item.id, item.name))


def find_items() -> list[Item]:
    """All items by id."""
    with closing(_open()) as database:
        return [Item(*row) for row in database.execute("SELECT id, name FROM items ORDER BY id")]


def next_id() -> int:
    """The id for a new item."""
    with closing(_open()) as database:
        return int(database.execute("SELECT coalesce(max(id), 0) + 1 FROM items").fetchone()[0])


def _open() -> sqlite3.Connection:
    database = sqlite3.connect(os.environ.get("SERVICE_A_DATABASE") or "service-a.sqlite3")
    database.execute("CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    return database
