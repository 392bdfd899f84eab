"""A folder of its own for each test, with a space in its path, and connections to it that get closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from kombu import Connection

from taskcontract import embedded
from taskcontract.embedded.location import prepare

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "a folder"
    prepare(place)
    return place


@pytest.fixture
def connect(folder: Path) -> Iterator[Callable[..., Connection]]:
    embedded.register()
    opened: list[Connection] = []

    def open_connection(**options: object) -> Connection:
        connection = Connection(embedded.write_url(folder), transport_options=options)
        opened.append(connection)
        return connection

    yield open_connection
    for connection in opened:
        connection.release()
