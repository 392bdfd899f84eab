"""The results of one folder as files, each replaced whole."""

from __future__ import annotations

import contextlib
import errno
import os
import time
from typing import TYPE_CHECKING, TypeVar

from taskcontract.embedded.files import (
    PRIVATE_FILE,
    explained,
    open_folder,
    read_if_there,
    remove,
    write_aside,
)
from taskcontract.embedded.location import ASIDE, RESULTS, explain_loss, prepare
from taskcontract.embedded.names import MESSAGE_NAMES, encode_name

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

_T = TypeVar("_T")

_CLEANED = ".cleaned"
_CLEANING_PERIOD = 3600.0


class Results:
    """Values by key: `results/<key>`. Safe from any thread and process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._results = str(folder / RESULTS)
        self._aside = str(folder / ASIDE)
        self._next_cleaning = 0.0

    def read(self, key: str) -> bytes | None:
        """Return a value, or None."""
        return read_if_there(self._find(key))

    def is_there(self) -> bool:
        """Return whether the folder can be read now."""
        return os.path.isdir(self._results)

    def write(self, key: str, value: bytes) -> None:
        """Set a value: readers see the old one or the new one."""
        self._replace(self._find(key), value)

    def count(self, key: str) -> int:
        """Add one to a counter and give it: every caller gets a number of its own, from 1."""
        return self._insist(lambda: _append_byte(self._find(key)))

    def remove(self, key: str) -> None:
        """Remove a value or a counter if it is there."""
        remove(self._find(key))

    def remove_expired(self, age: float) -> None:
        """Remove what was last written more than `age` seconds ago."""
        oldest = time.time() - age
        with contextlib.suppress(FileNotFoundError), open_folder(self._folder, RESULTS) as results:
            for name in os.listdir(results):
                with contextlib.suppress(FileNotFoundError):
                    if os.stat(name, dir_fd=results, follow_symlinks=False).st_mtime < oldest:
                        remove(name, results)

    def is_cleaning_due(self) -> bool:
        """Say yes to one caller per hour, whichever process asks first."""
        now = time.monotonic()
        if now < self._next_cleaning:
            return False
        self._next_cleaning = now + _CLEANING_PERIOD
        # No key's file begins with a dot.
        mark = f"{self._results}/{_CLEANED}"
        try:
            due = time.time() - os.stat(mark).st_mtime > _CLEANING_PERIOD
        except FileNotFoundError:
            due = True
        if due:
            self._replace(mark, b"")
        return due

    def watch(self) -> ResultsWatch:
        """Return a context that reports whether this folder is still the same one."""
        return ResultsWatch(self._results)

    def _find(self, key: str) -> str:
        return f"{self._results}/{encode_name(key)}"

    def _replace(self, path: str, content: bytes) -> None:
        self._insist(lambda: write_aside(f"{self._aside}/{MESSAGE_NAMES.name_next()}", path, content))

    def _insist(self, change: Callable[[], _T]) -> _T:
        """Make a change; once more when the folder was removed meanwhile."""
        try:
            return change()
        except FileNotFoundError:
            prepare(self._folder)
            return change()


class ResultsWatch:
    """Holds the folder's inode while someone waits: a folder put in its place has another."""

    def __init__(self, results: str) -> None:
        self._results = results
        self._descriptor: int | None = None

    def __enter__(self) -> ResultsWatch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)

    def check(self) -> None:
        """Raise FolderLostError when the folder is gone or another took its place: no result will come."""
        try:
            if self._descriptor is None:
                self._descriptor = os.open(self._results, os.O_RDONLY | os.O_DIRECTORY)
            elif not os.path.samestat(os.fstat(self._descriptor), os.stat(self._results)):
                raise FileNotFoundError(errno.ENOENT, "It was removed and made anew", self._results)
        except OSError as error:
            raise explain_loss(error) from error


@explained
def _append_byte(path: str) -> int:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, PRIVATE_FILE)
    try:
        # The system appends atomically and leaves the position after this very byte.
        os.write(descriptor, b".")
        return os.lseek(descriptor, 0, os.SEEK_CUR)
    finally:
        os.close(descriptor)
