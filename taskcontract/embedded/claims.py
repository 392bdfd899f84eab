"""Claimed messages of one folder: settled, or given back; what fails as the folder is away is done later."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING

from taskcontract.embedded.files import list_below, move, open_folder, remove
from taskcontract.embedded.location import CLAIMS, QUEUES, FolderLostError
from taskcontract.embedded.names import name_again
from taskcontract.embedded.process_lock import find_dead, find_process_lock

if TYPE_CHECKING:
    from pathlib import Path


class Claims:
    """Safe from any thread. A tag is the path of a claimed message's file below `claims/`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._claims = str(folder / CLAIMS)

    def settle(self, tag: str) -> None:
        """Forget a claimed message: it was dealt with. FolderLostError where that has to wait."""
        try:
            if remove(f"{self._claims}/{tag}") or self._is_of_this_folder(tag):
                return
        except FolderLostError:
            self._owe(tag, settled=True)
            raise
        self._owe(tag, settled=True)

    def give_back(self, tag: str) -> None:
        """Return a claimed message to its queue, at its old place; to nowhere if its queue was deleted."""
        try:
            with open_folder(self.folder, CLAIMS) as claims, open_folder(self.folder, QUEUES) as queues:
                _give_back(tag, claims, queues)
                if self._is_of_this_folder(tag):
                    return
        except (FileNotFoundError, FolderLostError):
            pass
        self._owe(tag, settled=False)

    def catch_up(self) -> None:
        """Settle and give back what could not be while the folder was away."""
        owed = find_process_lock(self.folder).owed
        for tag in list(owed):
            # Popped first: another thread may settle it meanwhile, and fail again.
            settled = owed.pop(tag, None)
            if settled is not None:
                with suppress(FolderLostError):
                    self.settle(tag) if settled else self.give_back(tag)

    def rescue(self) -> int:
        """Return to their queues what owners claimed whose process has ended; give the number of messages."""
        count = 0
        with open_folder(self.folder, CLAIMS) as claims, open_folder(self.folder, QUEUES) as queues:
            for owner in find_dead(self.folder):
                for queue in list_below(claims, owner):
                    for name in list_below(claims, f"{owner}/{queue}"):
                        _give_back(f"{owner}/{queue}/{name}", claims, queues)
                        count += 1
                shutil.rmtree(owner, ignore_errors=True, dir_fd=claims)
        return count

    def _owe(self, tag: str, *, settled: bool) -> None:
        find_process_lock(self.folder).owed[tag] = settled

    def _is_of_this_folder(self, tag: str) -> bool:
        """Say no where the folder that the message was claimed in is away, or another is in its place."""
        return os.path.isdir(f"{self._claims}/{tag.partition('/')[0]}")


def _give_back(tag: str, claims: int, queues: int) -> None:
    _, queue, name = tag.split("/")
    try:
        move(tag, f"{queue}/{name_again(name)}", claims, queues)
    except FileNotFoundError:
        remove(tag, claims)
