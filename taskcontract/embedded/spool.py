"""The messages of one folder as files: put and claimed; what becomes of them then is in `claims`."""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from typing import TYPE_CHECKING

from taskcontract.embedded.claims import Claims
from taskcontract.embedded.files import (
    explained,
    list_below,
    list_names,
    make_folder,
    move,
    open_folder,
    read_whole,
    remove,
    write_aside,
)
from taskcontract.embedded.location import ASIDE, BROKEN, QUEUES, explain_loss, prepare
from taskcontract.embedded.names import MESSAGE_NAMES, encode_name, is_message
from taskcontract.embedded.process_lock import find_process_lock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_SHORTEST_LISTING = 0.05
_LISTING_SHARE = 10
# A file system may stamp by the tick of the kernel's clock, up to 10 ms: only an older stamp tells.
_SETTLED = 50_000_000


class _Place:
    """A queue's folder as its consumer knows it: a listing, good for a while, last name first."""

    def __init__(self, folder: str, claims: str) -> None:
        self.folder = folder
        self.claims = claims
        self._names: list[str] = []
        self._good_until = 0.0
        self._quiet_since = 0

    @explained
    def take(self) -> str | None:
        """Return the first name of the queue, listing the folder again when due; None when it is empty.

        A long queue is not listed for each message: a listing serves for 50 ms, or ten times what it took.
        """
        now = time.monotonic()
        if not self._names or now > self._good_until:
            changed = os.stat(self.folder).st_mtime_ns
            self._names = sorted(filter(is_message, os.listdir(self.folder)), reverse=True)
            done = time.monotonic()
            self._good_until = done + max(_SHORTEST_LISTING, _LISTING_SHARE * (done - now))
            settled = not self._names and time.time_ns() - changed > _SETTLED
            self._quiet_since = changed if settled else 0
        return self._names.pop() if self._names else None

    def may_have_news(self) -> bool:
        """Say False, for the price of one stat, when the folder was empty and nothing came since."""
        try:
            return bool(self._names) or os.stat(self.folder).st_mtime_ns != self._quiet_since
        except OSError:
            return True


class Spool(Claims):
    """Messages of the queues in one folder. Not for several threads at once, except `put` and `settle`.

    A message is a file in `queues/<queue>/`; its consumer renames it into a claims folder of its own, which
    one of them alone can do, and removes it there when it is done. A tag is its path below `claims/`.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._queues = str(folder / QUEUES)
        self._aside = str(folder / ASIDE)
        self._places: dict[str, _Place] = {}

    def create(self, queue: str) -> None:
        """Create a queue unless it exists."""
        prepare(self.folder)
        make_folder(self._find(queue))

    def exists(self, queue: str) -> bool:
        """Return whether a queue was created."""
        return os.path.isdir(self._find(queue))

    def put(self, queue: str, data: bytes, priority: int = 0) -> None:
        """Add a message to the end of a queue, which is created if need be."""
        try:
            self._write(queue, data, priority)
        except FileNotFoundError:
            self.create(queue)
            try:
                self._write(queue, data, priority)
            except FileNotFoundError as error:
                raise explain_loss(error) from error

    def put_if_exists(self, queue: str, data: bytes, priority: int = 0) -> bool:
        """Add a message to the end of a queue; False when there is no such queue."""
        try:
            self._write(queue, data, priority)
        except FileNotFoundError:
            return False
        return True

    def _write(self, queue: str, data: bytes, priority: int) -> None:
        name = MESSAGE_NAMES.name_next(priority)
        write_aside(f"{self._aside}/{name}", f"{self._find(queue)}/{name}", data)

    def claim(self, queue: str) -> tuple[str, bytes] | None:
        """Take the first message of a queue: its tag and content, or None; FileNotFoundError: no queue."""
        place = self._open(queue)
        while name := place.take():
            if self._rename_into_claims(place, queue, name):
                claimed = f"{place.claims}/{name}"
                tag = claimed.removeprefix(f"{self._claims}/")
                try:
                    return tag, read_whole(claimed)
                except BaseException:
                    self.give_back(tag)
                    raise
        return None

    def claim_named(self, queue: str, name: str) -> str | None:
        """Take the message whose file in the queue is `name`: its tag; None if another process was first."""
        place = self._open(queue)
        if not self._rename_into_claims(place, queue, name):
            return None
        return f"{place.claims}/{name}".removeprefix(f"{self._claims}/")

    def _open(self, queue: str) -> _Place:
        place = self._places.get(queue)
        if place is None:
            place = self._places[queue] = _Place(self._find(queue), self._hold(queue))
        return place

    def may_have_news(self, queues: Iterable[str]) -> bool:
        """Return whether one of these queues is worth a look, for the price of a stat each."""
        for queue in queues:
            place = self._places.get(queue)
            if place is None or place.may_have_news():
                return True
        return False

    def _rename_into_claims(self, place: _Place, queue: str, name: str) -> bool:
        try:
            move(f"{place.folder}/{name}", f"{place.claims}/{name}")
        except FileNotFoundError:
            if os.path.isdir(place.claims):
                # Another consumer was faster.
                return False
            place.claims = self._hold(queue)
            return self._rename_into_claims(place, queue, name)
        return True

    def _hold(self, queue: str) -> str:
        return find_process_lock(self.folder).hold(encode_name(queue))

    def discard_broken(self, tag: str) -> str:
        """Move a claimed file that is not a message out of the way, and return its new path."""
        kept = f"{self.folder / BROKEN}/{tag.rpartition('/')[2]}"
        try:
            move(f"{self._claims}/{tag}", kept)
        except BaseException:
            self.give_back(tag)
            raise
        return kept

    def size(self, queue: str) -> int:
        """Return the number of messages that wait in a queue."""
        return sum(map(is_message, list_names(self._find(queue))))

    def purge(self, queue: str) -> int:
        """Remove the messages that wait in a queue, and give their number."""
        folder = encode_name(queue)
        with open_folder(self.folder, QUEUES) as queues:
            names = filter(is_message, list_below(queues, folder))
            return sum(remove(f"{folder}/{name}", queues) for name in names)

    def delete(self, queue: str) -> None:
        """Remove a queue with all that waits in it."""
        self.delete_folder(encode_name(queue))

    def delete_folder(self, folder: str) -> None:
        """Remove a queue by its folder's name: renamed away at once, so that no message slips in."""
        doomed = MESSAGE_NAMES.name_next()
        with contextlib.suppress(FileNotFoundError), open_folder(self.folder, ASIDE) as aside:
            with open_folder(self.folder, QUEUES) as queues:
                move(folder, doomed, queues, aside)
            shutil.rmtree(doomed, ignore_errors=True, dir_fd=aside)

    def _find(self, queue: str) -> str:
        place = self._places.get(queue)
        return place.folder if place else f"{self._queues}/{encode_name(queue)}"
