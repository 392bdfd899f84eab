"""What any consumer does for all, once a second: rescue messages of the dead, remove queues that ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from typing import TYPE_CHECKING

from taskcontract.embedded.files import list_names, remove
from taskcontract.embedded.location import ASIDE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.embedded.leases import Leases
    from taskcontract.embedded.routes import Routes
    from taskcontract.embedded.spool import Spool

PERIOD = 1.0

_ABANDONED = 3600.0


def keep_house(spool: Spool, routes: Routes, leases: Leases, in_use: Iterable[str]) -> None:
    """Touch the leases of the queues in use, give back what dead owners claimed, remove what nobody uses.

    A folder that is gone is left to whoever looks for a message next.
    """
    for queue in in_use:
        leases.touch(queue)
    spool.rescue()
    for queue_folder in leases.collect_ended():
        routes.forget_queue(queue_folder)
        spool.delete_folder(queue_folder)
    _sweep(str(spool.folder / ASIDE))


def _sweep(aside: str) -> None:
    """Remove what a writer that was killed left half-written."""
    for name in list_names(aside):
        path = f"{aside}/{name}"
        with contextlib.suppress(FileNotFoundError):
            if time.time() - os.stat(path).st_mtime > _ABANDONED:
                shutil.rmtree(path, ignore_errors=True) if os.path.isdir(path) else remove(path)
