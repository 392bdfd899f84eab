"""A tree of files that also says what it could not take in, and how a path in it must look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from taskcontract.extract.source_tree import SourceTree

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ARCHIVES", "MOST_BYTES", "Source", "is_python_link", "leads_out"]

ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".tar")
"""How the name of an archive ends; here, so that a word is known for none without the readers of archives."""
MOST_BYTES = 64 * 2**20
"""The largest file that is read; no Python that people wrote is near it."""


class Source(SourceTree, Protocol):
    """A tree that knows which of its entries are not regular files."""

    def left_out(self) -> Mapping[str, str]:
        """Return what may hold Python and is not among `files()`: its path -> what it is."""
        ...


def is_python_link(path: str) -> bool:
    """Whether a link named `path` may lead to Python: to a module, or to a folder, which has no suffix."""
    name = path.rpartition("/")[2]
    return name.endswith(".py") or "." not in name


def leads_out(path: str) -> bool:
    """Whether a name in an archive or a tree is absolute, or climbs above the root that it is relative to."""
    parts = path.replace("\\", "/").split("/")
    return path.startswith(("/", "\\")) or ".." in parts or "\0" in path or parts[0][1:2] == ":"
