"""Uses in a file that all workers of a machine share."""

from __future__ import annotations

from contextlib import closing, contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, Any

from taskcontract.errors import BrokerError
from taskcontract.usage.bounds import KEPT_SECONDS, fit, fit_shapes, follow
from taskcontract.usage.call_shape import BEFORE, check_shape
from taskcontract.usage.use import Counted, ShapeUse, Use, UseKey, merge, merge_shapes

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

__all__ = ["FileStore"]

TABLES = """
CREATE TABLE IF NOT EXISTS uses (service TEXT, task TEXT, version TEXT, consumer TEXT,
  count INTEGER, last_seen REAL, PRIMARY KEY (service, task, version, consumer));
CREATE TABLE IF NOT EXISTS starts (service TEXT PRIMARY KEY, since REAL);
CREATE TABLE IF NOT EXISTS shapes (service TEXT, task TEXT, version TEXT, consumer TEXT, shape TEXT,
  count INTEGER, last_seen REAL, PRIMARY KEY (service, task, version, consumer, shape));
CREATE TABLE IF NOT EXISTS shape_starts (service TEXT PRIMARY KEY, since REAL);
"""
"""Tables of their own for shapes: releases that know none go on with the others."""

ADD = """
INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (service, task, version, consumer)
DO UPDATE SET count = count + excluded.count, last_seen = max(last_seen, excluded.last_seen)
"""

PRUNE = "DELETE FROM uses WHERE service = ? AND last_seen < ?"

KNOWN = "SELECT task, version, consumer FROM uses WHERE service = ?"

START = """
INSERT INTO {} VALUES (?, ?) ON CONFLICT (service) DO UPDATE SET since = min(since, excluded.since)
"""

OF_CALLER = "service = ? AND task = ? AND version = ? AND consumer = ?"

NOTE_BEFORE = """
INSERT OR IGNORE INTO shapes VALUES (?1, ?2, ?3, ?4, ?5,
  coalesce((SELECT count FROM uses
    WHERE service = ?1 AND task = ?2 AND version = ?3 AND consumer = ?4), 0),
  coalesce((SELECT last_seen FROM uses
    WHERE service = ?1 AND task = ?2 AND version = ?3 AND consumer = ?4), 0))
"""

ADD_SHAPE = """
INSERT INTO shapes VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (service, task, version, consumer, shape)
DO UPDATE SET count = count + excluded.count, last_seen = max(last_seen, excluded.last_seen)
"""

PRUNE_SHAPES = """
DELETE FROM shapes WHERE service = ? AND NOT EXISTS (SELECT 1 FROM uses WHERE uses.service = shapes.service
  AND uses.task = shapes.task AND uses.version = shapes.version AND uses.consumer = shapes.consumer)
"""


class FileStore:
    """A SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def add(
        self, service: str, uses: Iterable[Use], since: float, shapes: Iterable[ShapeUse] | None = None
    ) -> None:
        """Add counts of a service, which are counted since then."""
        uses = list(uses)
        oldest = max([since, *(use.last_seen for use in uses)]) - KEPT_SECONDS
        with self._open() as connection, connection:
            connection.execute(START.format("starts"), (service, since))
            connection.execute(PRUNE, (service, oldest))
            known = {UseKey(service, *row) for row in connection.execute(KNOWN, (service,))}
            uses = fit(uses, known)
            if shapes is not None:
                connection.execute(START.format("shape_starts"), (service, since))
                shapes = follow(shapes, uses)
                connection.executemany(NOTE_BEFORE, {(*each.key, BEFORE) for each in shapes})
            connection.executemany(ADD, [(*use.key, use.count, use.last_seen) for use in uses])
            if shapes is not None:
                connection.execute(PRUNE_SHAPES, (service,))
                _add_shapes(connection, service, shapes)

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service; nothing where the file does not exist yet."""
        if not self._path.exists():
            return Counted()
        with self._open() as connection:
            rows, starts, shape_rows, shape_starts = (
                connection.execute(f"SELECT * FROM {table} WHERE service = ?", (service,)).fetchall()  # noqa: S608
                for table in ("uses", "starts", "shapes", "shape_starts")
            )
        try:
            uses = merge(Use(_key(row), int(row[4]), float(row[5])) for row in rows)
            shapes = merge_shapes(
                ShapeUse(_key(row), check_shape(_text(row[4])), int(row[5]), float(row[6]))
                for row in shape_rows
                if row[5] != 0
            )
            return Counted(tuple(uses), _start(starts), tuple(shapes), _start(shape_starts))
        except (TypeError, ValueError) as error:
            raise BrokerError(
                f"the usage counts cannot be read: {error}",
                where=self.place,
                do="Something else wrote there. Move the file away: counting begins anew.",
            ) from error

    def services(self) -> list[str]:
        """Return the names of the services whose calls are counted with their shapes, sorted."""
        if not self._path.exists():
            return []
        with self._open() as connection:
            rows = connection.execute("SELECT service FROM shape_starts ORDER BY service").fetchall()
        return [row[0] for row in rows if isinstance(row[0], str)]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        import sqlite3

        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, timeout=5)) as connection:
                connection.executescript(TABLES)
                yield connection
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            is_ours = isinstance(error, (OSError, sqlite3.OperationalError))
            step = "Make the file writable" if is_ours else "Move this file away: it is not a usage store"
            raise BrokerError(
                f"the usage counts cannot be kept: {error}",
                where=self.place,
                do=f"{step}, or name another with TASKCONTRACT_USAGE.",
            ) from error


def _add_shapes(connection: sqlite3.Connection, service: str, shapes: list[ShapeUse]) -> None:
    """Add the shapes of each caller within its bounds."""
    count = "SELECT count(*) FROM shapes WHERE service = ? AND shape != ?"
    (rows,) = connection.execute(count, (service, BEFORE)).fetchone()
    for key, group in groupby(shapes, key=lambda each: each.key):
        known = {row[0] for row in connection.execute(f"SELECT shape FROM shapes WHERE {OF_CALLER}", key)}  # noqa: S608
        fitted = fit_shapes(group, known, rows)
        rows += sum(each.shape not in known for each in fitted)
        connection.executemany(
            ADD_SHAPE, [(*each.key, each.shape, each.count, each.last_seen) for each in fitted]
        )


def _key(row: Sequence[object]) -> UseKey:
    return UseKey(*map(_text, row[:4]))


def _start(rows: Sequence[Sequence[Any]]) -> float | None:
    return float(rows[0][1]) if rows else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
