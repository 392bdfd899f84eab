"""The bytes of blobs, from one `git cat-file --batch` that both sides of a comparison ask."""

from __future__ import annotations

import subprocess
import weakref
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError
from taskcontract.extract.sources.git_repository import SETTINGS, git_environment
from taskcontract.extract.sources.source import MOST_BYTES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["BlobReader"]

PIECE = 2**20


class BlobReader:
    """Reads blobs by their ids; git is started with the first, and ended with the reader."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blob: str, path: str) -> bytes:
        """Return the bytes of `blob`, which `path` has; a SpecError where this repository lacks it."""
        process = self._process or self._start()
        asked, given = process.stdin, process.stdout
        if asked is None or given is None:
            raise SpecError("git has no pipes", where=path)
        try:
            asked.write(f"{blob}\n".encode())
            asked.flush()
            head = given.readline().decode("utf-8", "replace").split()
        except OSError as error:
            raise SpecError(f"git cat-file ended: {error.strerror}", where=path) from None
        if len(head) != 3 or head[1] != "blob":
            raise SpecError(
                f"the repository lacks the content of this file ({blob[:12]})",
                where=path,
                do="Fetch it: `git fetch --refetch`, or clone without --filter.",
            )
        size = int(head[2])
        if size > MOST_BYTES:
            left = size + 1
            while left > 0 and (passed := given.read(min(left, PIECE))):
                left -= len(passed)
            raise SpecError(f"the file has more than {MOST_BYTES // 2**20} MB", where=path)
        data = given.read(size)
        if len(data) < size or not given.read(1):
            raise SpecError("git cat-file ended", where=path)
        return data

    def _start(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(  # noqa: S603 - no shell, and no argument from outside
            ["git", *SETTINGS, "cat-file", "--batch"],  # noqa: S607 - the user's git, wherever it is
            cwd=self._root,
            env=git_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        weakref.finalize(self, _end, process)
        self._process = process
        return process


def _end(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    process.kill()
    process.wait()
