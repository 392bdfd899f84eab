"""What any consumer does for all, once a second: rescue messages of the dead, remove queues that ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
from typing import TYPE_CHECKING

from taskcontract.embedded.files import explained, open_folder, remove
from taskcontract.embedded.location import ASIDE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from taskcontract.embedded.leases import Leases
    from taskcontract.embedded.routes import Routes
    from taskcontract.embedded.spool import Spool

PERIOD = 1.0

_ABANDONED = 3600.0


def keep_house(spool: Spool, routes: Routes, leases: Leases, in_use: Iterable[str]) -> None:
    """Touch the leases of the queues in use, give back what dead owners claimed, remove what is not used.

    A folder that is gone is handled where a message is next looked for.
    """
    for queue in in_use:
        leases.touch(queue)
    with contextlib.suppress(FileNotFoundError):
        spool.catch_up()
        spool.rescue()
        for queue_folder in leases.collect_ended():
            routes.forget_queue(queue_folder)
            spool.delete_folder(queue_folder)
        _sweep(spool.folder)


@explained
def _sweep(folder: Path) -> None:
    """Remove what a writer that was killed left half-written."""
    with open_folder(folder, ASIDE) as aside:
        for name in os.listdir(aside):
            with contextlib.suppress(FileNotFoundError):
                found = os.stat(name, dir_fd=aside, follow_symlinks=False)
                if time.time() - found.st_mtime <= _ABANDONED:
                    continue
                if stat.S_ISDIR(found.st_mode):
                    shutil.rmtree(name, ignore_errors=True, dir_fd=aside)
                else:
                    remove(name, aside)
