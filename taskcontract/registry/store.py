"""What a registry is kept in: keys with bytes under them, each written once and never changed."""

from __future__ import annotations

from collections import defaultdict
from threading import Lock
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["LARGEST_OBJECT", "MemoryStore", "Store"]

LARGEST_OBJECT = 64 * 1024 * 1024
"""Bytes of one object that a reader takes; a state of 1,000 services has a few."""


class Store(Protocol):
    """Keys such as `versions/pusher/2.0.0/999999999998.json`, with the bytes that were written there.

    What is there is whole and stays as it is. Each method raises a RegistryError that names the place.
    """

    @property
    def place(self) -> str:
        """Where this is, as messages name it; without passwords."""
        ...

    def read(self, key: str) -> bytes | None:
        """Return what is under `key`, None where nothing is."""
        ...

    def create(self, key: str, data: bytes) -> bool:
        """Write `data` under `key`, whole, and return whether that stands there: False where other bytes do.

        Of writers that race, one wins.
        """
        ...

    def find_first(self, folder: str) -> str | None:
        """Return the first key right below `folder` (`a/b/`), in the order of their bytes; None if empty."""
        ...

    def list_names(self, folder: str) -> Iterator[str]:
        """Yield the names right below `folder`, sorted: of keys, and of folders without their slash."""
        ...


class MemoryStore:
    """A store that lives as long as this object; for tests, and what no one else is to see."""

    place = "memory"

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}
        self._names: defaultdict[str, set[str]] = defaultdict(set)
        """Folder -> the names right below it."""
        self._lock = Lock()

    def read(self, key: str) -> bytes | None:
        """Return what is under `key`."""
        return self._content.get(key)

    def create(self, key: str, data: bytes) -> bool:
        """Write `data`, unless something is there."""
        with self._lock:
            folder, name = "", key
            while name:
                step, slash, name = name.partition("/")
                self._names[folder].add(step)
                folder = f"{folder}{step}{slash}"
            return self._content.setdefault(key, data) == data

    def find_first(self, folder: str) -> str | None:
        """Return the first key right below `folder`."""
        keys = (folder + name for name in tuple(self._names.get(folder, ())))
        return min((key for key in keys if key in self._content), default=None)

    def list_names(self, folder: str) -> Iterator[str]:
        """Yield the names right below `folder`."""
        yield from sorted(self._names.get(folder, ()))
