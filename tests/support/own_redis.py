"""A Redis of a test's own, to fill, to stop or to hang."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["open_redis"]


@contextmanager
def open_redis(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """The URL and the process of a Redis on a free port, which keeps nothing on disk."""
    program = shutil.which("redis-server")
    if program is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)("redis-server is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
    )
    try:

        def listens() -> bool:
            with socket.socket() as client:
                return client.connect_ex(("127.0.0.1", port)) == 0

        wait_until(listens, every=0.02)
        yield f"redis://127.0.0.1:{port}/0", server
    finally:
        server.kill()
        server.wait(5)
