"""Looking at a queue's messages without taking any."""

from __future__ import annotations

from glob import escape
from typing import TYPE_CHECKING

from taskcontract.embedded.files import list_names, read_if_there
from taskcontract.embedded.location import CLAIMS, QUEUES
from taskcontract.embedded.names import encode_name, is_message

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["find_waiting", "look_at"]


def look_at(folder: Path, queue: str) -> Iterator[tuple[bytes, bool]]:
    """Yield each message of `queue` as it lies there, and whether a consumer has claimed it."""
    for _, content in find_waiting(folder, queue):
        yield content, False
    for place in (folder / CLAIMS).glob(f"*/{escape(encode_name(queue))}"):
        for _, content in _read_all(place):
            yield content, True


def find_waiting(folder: Path, queue: str) -> Iterator[tuple[str, bytes]]:
    """Return the waiting messages of `queue` in their order: the name of each one's file, and its content."""
    return _read_all(folder / QUEUES / encode_name(queue))


def _read_all(place: Path) -> Iterator[tuple[str, bytes]]:
    for name in sorted(filter(is_message, list_names(str(place)))):
        content = read_if_there(str(place / name))
        if content is not None:  # else another consumer took it in the meantime
            yield name, content
