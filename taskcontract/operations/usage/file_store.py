"""Uses in a file that all workers of a machine share."""

from __future__ import annotations

from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from taskcontract.errors import BrokerError
from taskcontract.operations.usage.bounds import KEPT_SECONDS, fit
from taskcontract.operations.usage.use import Counted, Use, UseKey, merge

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["FileStore"]

TABLES = """
CREATE TABLE IF NOT EXISTS uses (service TEXT, task TEXT, version TEXT, consumer TEXT,
  count INTEGER, last_seen REAL, PRIMARY KEY (service, task, version, consumer));
CREATE TABLE IF NOT EXISTS starts (service TEXT PRIMARY KEY, since REAL);
"""

ADD = """
INSERT INTO uses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (service, task, version, consumer)
DO UPDATE SET count = count + excluded.count, last_seen = max(last_seen, excluded.last_seen)
"""

PRUNE = "DELETE FROM uses WHERE service = ? AND last_seen < ?"

KNOWN = "SELECT task, version, consumer FROM uses WHERE service = ?"

START = """
INSERT INTO starts VALUES (?, ?) ON CONFLICT (service) DO UPDATE SET since = min(since, excluded.since)
"""


class FileStore:
    """A SQLite file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.place = str(path)

    def add(self, service: str, uses: Iterable[Use], since: float) -> None:
        """Add counts of a service, which are counted since then."""
        uses = list(uses)
        oldest = max([since, *(use.last_seen for use in uses)]) - KEPT_SECONDS
        with self._open() as connection, connection:
            connection.execute(START, (service, since))
            connection.execute(PRUNE, (service, oldest))
            known = {UseKey(service, *row) for row in connection.execute(KNOWN, (service,))}
            rows = [(*use.key, use.count, use.last_seen) for use in fit(uses, known)]
            connection.executemany(ADD, rows)

    def read(self, service: str) -> Counted:
        """Return all that is kept of a service; nothing where the file does not exist yet."""
        if not self._path.exists():
            return Counted()
        with self._open() as connection:
            rows = connection.execute("SELECT * FROM uses WHERE service = ?", (service,)).fetchall()
            start = connection.execute("SELECT since FROM starts WHERE service = ?", (service,)).fetchone()
        try:
            uses = merge(Use(UseKey(*map(_text, row[:4])), int(row[4]), float(row[5])) for row in rows)
            return Counted(tuple(uses), None if start is None else float(start[0]))
        except (TypeError, ValueError) as error:
            raise BrokerError(
                f"the usage counts cannot be read: {error}",
                where=self.place,
                do="Something else wrote there. Move the file away: counting begins anew.",
            ) from error

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


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text")
    return value
