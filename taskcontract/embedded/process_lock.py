"""Who holds claimed messages: one locked file per process tells the living from the dead."""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import os
import re
import threading
import time
from typing import TYPE_CHECKING

from taskcontract.embedded.files import PRIVATE_FILE, explained, make_folder, open_folder, remove
from taskcontract.embedded.location import ASIDE, CLAIMS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = ".lock"
_NAME = re.compile(r"\d+-\d+-[0-9a-f]+", re.ASCII)
"""The form of a lock's name: a lease that others wrote may name anything, even a path out of the folder."""


class ProcessLock:
    """The lock of this consuming process: `claims/<name>.lock`; `claims/<name>/` is what it claimed.

    The lock is a flock on a file that stays open: the system drops it with the process, however that ends.
    """

    def __init__(self, folder: Path) -> None:
        self.name = f"{os.getpid()}-{time.time_ns()}-{os.urandom(3).hex()}"
        self._claims = str(folder / CLAIMS / self.name)
        self._lock = self._claims + _LOCK
        self._aside = str(folder / ASIDE / self.name) + _LOCK
        self._descriptor: int | None = None
        #: Tags of messages to settle (True) or give back (False) as soon as the folder is there again.
        self.owed: dict[str, bool] = {}

    @explained
    def hold(self, queue: str) -> str:
        """Return the folder for messages claimed from a queue (by file name), made if need be."""
        with _changing:
            if not self._holds_lock():
                self.abandon()
                self._descriptor = os.open(self._aside, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                # Renamed when it is locked already, so that the lock of a living process is never seen free.
                os.rename(self._aside, self._lock)
        place = f"{self._claims}/{queue}"
        make_folder(place)
        return place

    def _holds_lock(self) -> bool:
        if self._descriptor is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._descriptor), os.stat(self._lock))
        except FileNotFoundError:
            return False

    def abandon(self) -> None:
        """Close this process's hold on the lock; a forked child's copy would outlive its parent."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def leave(self) -> None:
        """Clear up at the end of the process; what is still claimed stays for a rescuer."""
        with contextlib.suppress(OSError):
            for queue in os.listdir(self._claims):
                os.rmdir(f"{self._claims}/{queue}")
            os.rmdir(self._claims)
            os.unlink(self._lock)
        self.abandon()


def find_process_lock(folder: Path) -> ProcessLock:
    """Return this process's lock for a folder: the same one for all its connections."""
    lock = _locks.get(folder)
    if lock is None:
        with _changing:
            lock = _locks.setdefault(folder, ProcessLock(folder))
    return lock


def is_alive(folder: Path, name: str) -> bool:
    """Return whether the process that holds the lock `name` still runs; False for what is not such a name."""
    if not _NAME.fullmatch(name):
        return False
    with _lock_if_dead(f"{folder / CLAIMS / name}{_LOCK}") as dead:
        return not dead


def find_dead(folder: Path) -> Iterator[str]:
    """Yield the name of each lock whose process has ended, to one rescuer at a time; then remove the lock."""
    with open_folder(folder, CLAIMS) as claims:
        for entry in os.listdir(claims):
            if entry.endswith(_LOCK):
                with _lock_if_dead(entry, claims) as dead:
                    if dead:
                        yield entry.removesuffix(_LOCK)
                        remove(entry, claims)


@contextlib.contextmanager
def _lock_if_dead(lock: str, at: int | None = None) -> Iterator[bool]:
    try:
        descriptor = os.open(lock, os.O_RDONLY, dir_fd=at)
    except FileNotFoundError:
        yield True
        return
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


_locks: dict[Path, ProcessLock] = {}
_changing = threading.Lock()


def _leave_all() -> None:
    for lock in _locks.values():
        lock.leave()


def _begin_child() -> None:
    _changing.release()
    for lock in _locks.values():
        lock.abandon()
    _locks.clear()


# The lock is held across a fork: no descriptor is opened and not yet remembered when the child is made.
os.register_at_fork(before=_changing.acquire, after_in_parent=_changing.release, after_in_child=_begin_child)
atexit.register(_leave_all)
