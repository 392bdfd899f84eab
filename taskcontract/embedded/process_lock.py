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
"""What an owner is called: a lease that others wrote may name anything, a way out of the folder too."""


class Owner:
    """This process as a consumer: `claims/<name>/` is what it claimed, `claims/<name>.lock` that it lives.

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
        """Give the folder for messages claimed from a queue (by file name), made if need be."""
        with _changing:
            if not self._holds_lock():
                self.abandon()
                self._descriptor = os.open(self._aside, os.O_RDWR | os.O_CREAT, PRIVATE_FILE)
                fcntl.flock(self._descriptor, fcntl.LOCK_EX)
                # Renamed when it is locked already: nobody ever sees a living owner unlocked.
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


def find_owner(folder: Path) -> Owner:
    """Give this process's owner for a folder: the same one for all its connections."""
    owner = _owners.get(folder)
    if owner is None:
        with _changing:
            owner = _owners.setdefault(folder, Owner(folder))
    return owner


def is_alive(folder: Path, name: str) -> bool:
    """Say whether the process behind an owner's name still runs; what is no such name is nobody's."""
    if not _NAME.fullmatch(name):
        return False
    with _lock_if_dead(f"{folder / CLAIMS / name}{_LOCK}") as dead:
        return not dead


def find_dead(folder: Path) -> Iterator[str]:
    """Give the name of each owner whose process has ended, to one rescuer at a time; it is forgotten then."""
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


_owners: dict[Path, Owner] = {}
_changing = threading.Lock()


def _leave_all() -> None:
    for owner in _owners.values():
        owner.leave()


def _begin_child() -> None:
    _changing.release()
    for owner in _owners.values():
        owner.abandon()
    _owners.clear()


# The lock is held across a fork: no descriptor is opened and not yet remembered when the child is made.
os.register_at_fork(before=_changing.acquire, after_in_parent=_changing.release, after_in_child=_begin_child)
atexit.register(_leave_all)
