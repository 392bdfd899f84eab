"""One session at a time reads, merges and writes the files of a folder; no file is left for it."""

from __future__ import annotations

import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from taskcontract.errors import ContractError

try:
    import fcntl
except ImportError:  # on Windows two sessions at once may lose what the first one wrote
    fcntl = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["hold_folder"]

SECONDS = 30.0
"""How long another session may take to write its contracts."""
NAP = 0.01


@contextmanager
def hold_folder(folder: Path) -> Iterator[None]:
    """Hold the lock of `folder` within this block; a ContractError if another process does not let go.

    A folder that is not there or has no locks is not held: writing into it says what is wrong.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        _lock(descriptor, folder)
        yield
    finally:
        os.close(descriptor)  # and with it goes the lock


def _lock(descriptor: int, folder: Path) -> None:
    if fcntl is None:
        return
    deadline = time.monotonic() + SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise ContractError(
                    f"another process has held the contract folder for {SECONDS:.0f} s",
                    where=str(folder),
                    do="End it, and run the tests again: nothing is lost but what they recorded.",
                ) from None
            time.sleep(NAP)
        except OSError:  # a file system without locks
            return
        else:
            return
