"""The files of a project, wherever they lie: in a folder, a commit, a wheel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SourceTree"]


class SourceTree(Protocol):
    """What a static reader needs of a project: the names of its files, and their bytes."""

    @property
    def origin(self) -> str:
        """Return the tree as its user named it: `main`, `src`, `pypi:weblate==5.5.5`."""
        ...

    def files(self) -> Mapping[str, str]:
        """Return the path of each regular file -> an id of its content, empty where none is cheap to have.

        A path is POSIX, relative to the root of the tree, and never leads out of it. Two files of one id
        have the same bytes, also in two trees (a commit and its working tree).
        """
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of `files()`; a SpecError where they cannot be had."""
        ...
