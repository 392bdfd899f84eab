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

__all__ = ["look_at"]


def look_at(folder: Path, queue: str) -> Iterator[tuple[bytes, bool]]:
    """Each message of `queue` as it lies there, and whether a consumer has claimed it."""
    name = encode_name(queue)
    waiting = folder / QUEUES / name
    claimed = (folder / CLAIMS).glob(f"*/{escape(name)}")
    for place in (waiting, *claimed):
        for file in sorted(filter(is_message, list_names(str(place)))):
            content = read_if_there(str(place / file))
            if content is not None:  # else somebody took it while we looked
                yield content, place is not waiting
