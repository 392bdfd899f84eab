"""Exchanges and bindings of one folder: one small file each, so that no process overwrites another's."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.embedded.files import (
    list_below,
    list_names,
    make_folder,
    open_folder,
    read_if_there,
    remove,
    write_aside,
)
from taskcontract.embedded.location import ASIDE, EXCHANGES, prepare
from taskcontract.embedded.names import MESSAGE_NAMES, encode_name
from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from pathlib import Path

_TYPE = "type"


class Binding(NamedTuple):
    """What leads from an exchange to a queue, in the form that Kombu's exchange types look through."""

    routing_key: str
    pattern: str
    queue: str


class Routes:
    """`exchanges/<exchange>/type` and `exchanges/<exchange>/<queue's hash>-<binding's hash>`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._exchanges = str(folder / EXCHANGES)

    def declare(self, exchange: str, kind: str) -> str:
        """Create an exchange unless it exists, and give its type: the one that it was created with."""
        known = self.find_type(exchange)
        if known is None:
            self._write(exchange, _TYPE, [exchange, kind])
        return known or kind

    def find_type(self, exchange: str) -> str | None:
        """Return the type of an exchange, None when it was never declared."""
        declared = _read(f"{self._find(exchange)}/{_TYPE}", 2)
        return declared[1] if declared else None

    def list_exchanges(self) -> list[str]:
        """Return the names of all exchanges."""
        folders = list_names(self._exchanges)
        return [
            declared[0] for folder in folders if (declared := _read(f"{self._exchanges}/{folder}/{_TYPE}", 2))
        ]

    def bind(self, exchange: str, binding: Binding) -> None:
        """Lead from an exchange to a queue."""
        name = _name_binding(binding)
        if not os.path.exists(f"{self._find(exchange)}/{name}"):
            self._write(exchange, name, binding)

    def unbind(self, exchange: str, binding: Binding) -> None:
        """Remove a binding if it exists."""
        remove(f"{self._find(exchange)}/{_name_binding(binding)}")

    def read_bindings(self, exchange: str) -> list[Binding]:
        """Return the bindings of an exchange."""
        folder = self._find(exchange)
        names = [name for name in list_names(folder) if name != _TYPE]
        return [Binding(*found) for name in names if (found := _read(f"{folder}/{name}", 3))]

    def delete(self, exchange: str) -> None:
        """Remove an exchange and its bindings, not the queues."""
        self._remove_from(encode_name(exchange), "")

    def forget_queue(self, queue_folder: str) -> None:
        """Remove all bindings that lead to a queue, given by its folder's name."""
        mark = _hash(queue_folder) + "-"
        for exchange in list_names(self._exchanges):
            self._remove_from(exchange, mark)

    def _remove_from(self, exchange_folder: str, beginning: str) -> None:
        with contextlib.suppress(FileNotFoundError), open_folder(self._folder, EXCHANGES) as exchanges:
            for name in list_below(exchanges, exchange_folder):
                if name.startswith(beginning):
                    remove(f"{exchange_folder}/{name}", exchanges)

    def _find(self, exchange: str) -> str:
        return f"{self._exchanges}/{encode_name(exchange)}"

    def _write(self, exchange: str, name: str, content: object) -> None:
        prepare(self._folder)
        make_folder(self._find(exchange))
        aside = str(self._folder / ASIDE / MESSAGE_NAMES.name_next())
        write_aside(aside, f"{self._find(exchange)}/{name}", json.dumps(content).encode())


def _read(path: str, length: int) -> list[str] | None:
    """Return the texts in a file that holds `length` of them; None when there is no such file."""
    content = read_if_there(path)
    if content is None:
        return None
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = None
    if isinstance(found, list) and len(found) == length and all(isinstance(each, str) for each in found):
        return found
    raise BrokerError(
        "not a file of the embedded broker, or one of another version",
        where=path,
        do="Remove the broker's folder while no process uses it: it is created again.",
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _name_binding(binding: Binding) -> str:
    return f"{_hash(encode_name(binding.queue))}-{_hash(json.dumps(binding))}"
