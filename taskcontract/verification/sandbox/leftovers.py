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
from taskcontract.verification.sandbox.run_servers import EMBEDDED
from taskcontract.verification.sandbox.sandbox import LOCK

if TYPE_CHECKING:
    from taskcontract.verification.sandbox.sandbox import RunSandbox

__all__ = ["clear_leftovers", "join_sandbox", "lock_sandbox"]

_FOLDER = re.compile(r"taskcontract-([0-9a-f]{10})-\w+")
_OLD_SECONDS = 60.0


def lock_sandbox(sandbox: RunSandbox) -> int:
    """Lock a new sandbox's folder for as long as the descriptor is open, here or in a child.

    The file holds hashes of the servers' URLs: the process that removes the leftovers can only compare them.
    """
    aside = Path(sandbox.folder, f"{LOCK}.new")
    descriptor = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    os.write(descriptor, json.dumps(_describe_servers(sandbox)).encode())
    # Renamed when it is locked already, so that a living run is never seen unlocked.
    aside.rename(aside.with_name(LOCK))
    return descriptor


def join_sandbox(sandbox: RunSandbox) -> int:
    """Hold the lock too, in another process of the run; FileNotFoundError when the run is over."""
    descriptor = os.open(f"{sandbox.folder}/{LOCK}", os.O_RDWR)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return descriptor


def clear_leftovers(sandbox: RunSandbox) -> None:
    """Remove what runs of this user's left beside `sandbox`, and on its servers, whose processes are gone."""
    with suppress(OSError):
        for folder in Path(sandbox.folder).parent.iterdir():
            found = _FOLDER.fullmatch(folder.name)
            if found and found[1] != sandbox.run:
                # Another user's, one in use, or one that another run removes just now.
                with suppress(OSError, ValueError, LookupError, TypeError):
                    _clear(replace(sandbox, run=found[1], folder=str(folder)), _describe_servers(sandbox))


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


def _describe_servers(sandbox: RunSandbox) -> dict[str, str]:
    urls = {"broker": sandbox.broker, "backend": sandbox.backend}
    return {name: sha256(hide_password(url).encode()).hexdigest() for name, url in urls.items()}
