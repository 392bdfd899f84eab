"""File names: of queues, exchanges and results, and of messages in their order."""

from __future__ import annotations

import hashlib
import os
import threading
import time
from functools import lru_cache

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyz0123456789-_@.")
_LONGEST = 180
_KEPT = 100

HIGHEST_PRIORITY = 9


@lru_cache(maxsize=1024)
def encode_name(name: str) -> str:
    """Return the file name of a queue, an exchange or a result key: never two names alike.

    Everything but lower-case ASCII letters, digits and `-_@.` is percent-encoded byte by byte, capitals too,
    so that a file system which ignores case or normalises Unicode (macOS) keeps two queues apart. A name that
    gets too long for a file keeps its beginning and ends in its SHA-256.
    """
    encoded = "".join(
        chr(byte) if byte in _PLAIN and not (byte == 0x2E and place == 0) else f"%{byte:02x}"
        for place, byte in enumerate(name.encode("utf-8", "surrogatepass"))
    )
    if len(encoded) > _LONGEST:
        # "%~" is never the beginning of an encoded byte.
        return f"{encoded[:_KEPT]}%~{hashlib.sha256(encoded.encode()).hexdigest()}"
    return encoded or "%"


class MessageNames:
    """Names for new messages: sorted by priority, then by time, unique across processes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._latest = 0
        self._author = ""
        self.become_author()

    def become_author(self) -> None:
        """Take an author's mark of this process's own; a forked child needs another than its parent's."""
        self._lock = threading.Lock()
        self._author = f"{os.getpid()}-{os.urandom(4).hex()}"

    def name_next(self, priority: int = 0) -> str:
        """Return the next name: `<9 - priority>-<time in ns>-<author>.<redeliveries>`.

        The time never repeats or goes back within a process, even if the system's clock does.
        """
        with self._lock:
            self._latest = max(self._latest + 1, time.time_ns())
            instant = self._latest
        rank = HIGHEST_PRIORITY - min(max(priority, 0), HIGHEST_PRIORITY)
        return f"{rank}-{instant:019d}-{self._author}.0"


def is_message(name: str) -> bool:
    """Return whether a file in a queue's folder is a message, not a stranger such as `.DS_Store`."""
    return name[:1].isdigit()


def count_redeliveries(name: str) -> int:
    """Return how often the message was handed out before."""
    count = name.rpartition(".")[2]
    return int(count) if count.isascii() and count.isdigit() else 0


def name_again(name: str) -> str:
    """Return the name for a message's return to its queue: same place in the order, one redelivery more."""
    head = name.rpartition(".")[0] or name
    return f"{head}.{count_redeliveries(name) + 1}"


MESSAGE_NAMES = MessageNames()
os.register_at_fork(after_in_child=MESSAGE_NAMES.become_author)
