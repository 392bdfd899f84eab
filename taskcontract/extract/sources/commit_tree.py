"""The files of a commit, from git's objects: the working tree is not touched."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import SpecError
from taskcontract.extract.sources.source import is_python_link, leads_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.extract.sources.git_blobs import BlobReader
    from taskcontract.extract.sources.git_repository import Commit, GitRepository

__all__ = ["CommitTree"]

LINK, SUBMODULE = "120000", "160000"
NOT_FILES = {
    LINK: "a symbolic link, which is not followed",
    SUBMODULE: "a submodule, whose files are in another repository",
}


class CommitTree:
    """The project of a repository, as it was in a commit; the id of a file is its blob's."""

    def __init__(self, repository: GitRepository, commit: Commit, blobs: BlobReader) -> None:
        self.origin = commit.name
        self._repository = repository
        self._commit = commit
        self._blobs = blobs

    def files(self) -> Mapping[str, str]:
        """Return the paths of the regular files and the ids of their blobs."""
        return self._listing.files

    def left_out(self) -> Mapping[str, str]:
        """Return the links and the submodules."""
        return self._listing.left_out

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; a SpecError where the repository lacks them."""
        return self._blobs.read(self.files()[path], path)

    @cached_property
    def _listing(self) -> _Listing:
        prefix = self._repository.prefix
        listed = self._repository.run(
            "ls-tree", "-r", "-z", "--full-tree", self._commit.id, *([prefix] if prefix else [])
        )
        files: dict[str, str] = {}
        left_out: dict[str, str] = {}
        for row in listed.decode("utf-8", "surrogateescape").split("\0"):
            head, _, path = row.partition("\t")
            if not head or leads_out(path):
                continue
            mode, _, blob = head.split(" ")
            path = path.removeprefix(prefix)
            if mode not in NOT_FILES:
                files[path] = blob
            elif mode == SUBMODULE or is_python_link(path):
                left_out[path] = NOT_FILES[mode]
        if prefix and not files:
            raise SpecError(
                f"{self.origin} has no folder {prefix.rstrip('/')}",
                where=str(self._repository.root),
                do="Run it from the root of the repository to compare all of it.",
            )
        return _Listing(MappingProxyType(files), MappingProxyType(left_out))


class _Listing(NamedTuple):
    files: Mapping[str, str]
    left_out: Mapping[str, str]
