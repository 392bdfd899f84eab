"""Queues that do not last: reply boxes and the like, removed some time after their last consumer."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING

from taskcontract.embedded.files import open_folder, read_whole, remove, touch, write_aside
from taskcontract.embedded.location import ASIDE, QUEUES
from taskcontract.embedded.names import MESSAGE_NAMES, encode_name
from taskcontract.embedded.process_lock import is_alive

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_SUFFIX = ".lease"


class Leases:
    """The lifetimes of a folder's transient queues: `queues/<queue>.lease`, touched while someone consumes.

    A lease ends when it was not renewed for its term and the process that consumes the queue, if any, died:
    a worker that is stopped, or busy in its main thread, keeps its queues.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._queues = str(folder / QUEUES)

    def grant(self, queue: str, seconds: float, consumer: str = "") -> None:
        """Let a queue live for `seconds` after its last use; `consumer` is the owner that uses it."""
        lease = json.dumps({"seconds": seconds, "consumer": consumer}).encode()
        write_aside(str(self._folder / ASIDE / MESSAGE_NAMES.name_next()), self._find(queue), lease)

    def touch(self, queue: str) -> bool:
        """Say that a queue is in use; False when it has no lease."""
        return touch(self._find(queue))

    def cancel(self, queue: str) -> None:
        """Drop the lease of a queue that is deleted."""
        remove(self._find(queue))

    def collect_ended(self) -> Iterator[str]:
        """Yield the file name of each queue whose lease has ended, and drop the lease."""
        with open_folder(self._folder, QUEUES) as queues:
            for entry in os.listdir(queues):
                if entry.endswith(_SUFFIX) and self._has_ended(entry, queues) and remove(entry, queues):
                    yield entry.removesuffix(_SUFFIX)

    def _has_ended(self, entry: str, queues: int) -> bool:
        try:
            lease = json.loads(read_whole(entry, queues))
            seconds, consumer = float(lease["seconds"]), str(lease["consumer"])
            unused = time.time() - os.stat(entry, dir_fd=queues, follow_symlinks=False).st_mtime
        except (FileNotFoundError, ValueError, LookupError, TypeError, OverflowError, RecursionError):
            # Gone meanwhile, or not written by us: no reason to remove a queue.
            return False
        return unused > seconds and not (consumer and is_alive(self._folder, consumer))

    def _find(self, queue: str) -> str:
        return f"{self._queues}/{encode_name(queue)}{_SUFFIX}"
