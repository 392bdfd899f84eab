"""What killed runs left: each run's processes lock a file of it, so that others know when all are gone."""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.embedded.private import open_own
from taskcontract.urls import hide_password
from taskcontract.verification.sandbox import EMBEDDED, LOCK

if TYPE_CHECKING:
    from taskcontract.verification.sandbox import RunSandbox

__all__ = ["clear_leftovers", "hold_room", "join_room"]

_FOLDER = re.compile(r"taskcontract-([0-9a-f]{10})-\w+")
_OLD_SECONDS = 60.0


def hold_room(room: RunSandbox) -> int:
    """Lock a new room's folder for as long as the descriptor is open, here or in a child.

    The file tells who removes the leftovers whether the run used the same servers, and nobody which.
    """
    aside = Path(room.folder, f"{LOCK}.new")
    descriptor = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.write(descriptor, json.dumps(_describe_servers(room)).encode())
    # Renamed when it is locked already: nobody ever sees a living run unlocked.
    aside.rename(aside.with_name(LOCK))
    return descriptor


def join_room(room: RunSandbox) -> int:
    """Hold the lock too, in another process of the run; FileNotFoundError when the run is over."""
    descriptor = os.open(f"{room.folder}/{LOCK}", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def clear_leftovers(room: RunSandbox) -> None:
    """Remove what runs of this user's left beside `room`, and on its servers, whose processes are gone."""
    with suppress(OSError):
        for folder in Path(room.folder).parent.iterdir():
            found = _FOLDER.fullmatch(folder.name)
            if found and found[1] != room.run:
                # Another user's, one in use, or one that another run removes just now.
                with suppress(OSError, ValueError, LookupError, TypeError):
                    _clear(replace(room, run=found[1], folder=str(folder)), _describe_servers(room))


def _clear(left: RunSandbox, servers: dict[str, str]) -> None:
    with open_own(left.folder) as folder:
        try:
            descriptor = os.open(LOCK, os.O_RDWR | os.O_NOFOLLOW, dir_fd=folder)
        except FileNotFoundError:
            # It ended between two steps of its first or last moment, or is in its first just now.
            if time.time() - os.fstat(folder).st_mtime > _OLD_SECONDS:
                Path(left.folder).rmdir()
            return
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            used = json.loads(os.read(descriptor, 1 << 16))
            for name, url in servers.items():
                if used[name] != url:
                    # Another server, whose password is not known here: what is left there expires.
                    left = replace(left, **{name: EMBEDDED})
            left.close()
        finally:
            os.close(descriptor)


def _describe_servers(room: RunSandbox) -> dict[str, str]:
    urls = {"broker": room.broker, "backend": room.backend}
    return {name: sha256(hide_password(url).encode()).hexdigest() for name, url in urls.items()}
