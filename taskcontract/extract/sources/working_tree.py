"""The files of a working tree as git sees them: with those that are not tracked yet, without ignored ones."""

from __future__ import annotations

import os
import stat
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import ConfigError
from taskcontract.extract.sources.commit_tree import LINK, NOT_FILES, SUBMODULE
from taskcontract.extract.sources.folder import read_file
from taskcontract.extract.sources.source import is_python_link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.extract.sources.git_repository import GitRepository

__all__ = ["WorkingTree"]


class WorkingTree:
    """The project of a repository as it lies on the disk. A file that is unchanged has the id of its blob."""

    origin = "working tree"

    def __init__(self, repository: GitRepository) -> None:
        if repository.is_bare:
            raise ConfigError(
                "a bare repository has no working tree",
                where=str(repository.root),
                do="Name two commits: taskcontract diff main~1 main.",
            )
        self._repository = repository
        self._folder = repository.root / repository.prefix

    def files(self) -> Mapping[str, str]:
        """Return the paths of the regular files; with the blob's id where the file has its bytes."""
        return self._listing.files

    def left_out(self) -> Mapping[str, str]:
        """Return the links and the submodules."""
        return self._listing.left_out

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; a SpecError where they cannot be had."""
        return read_file(self._folder, path)

    @cached_property
    def _listing(self) -> _Listing:
        files: dict[str, str] = {}
        left_out: dict[str, str] = {}
        tracked = self._list_tracked()
        sizes = self._find_sizes(tracked)
        others = self._list("ls-files", "-z", "--others", "--exclude-standard")
        for path in dict.fromkeys([*tracked, *others]):
            if path.endswith("/"):  # a nested repository that is not a submodule
                left_out[path.rstrip("/")] = "another git repository"
                continue
            try:
                found = os.lstat(self._folder / path)
            except OSError:
                continue  # deleted, so it is not in the working tree
            mode, blob = tracked.get(path, ("", ""))
            if stat.S_ISREG(found.st_mode):
                # What git converts on its way (line ends, LFS) has another size than its blob.
                files[path] = blob if sizes.get(blob) == found.st_size else ""
            elif mode == SUBMODULE:
                left_out[path] = NOT_FILES[SUBMODULE]
            elif stat.S_ISLNK(found.st_mode) and is_python_link(path):
                left_out[path] = NOT_FILES[LINK]
        return _Listing(MappingProxyType(dict(sorted(files.items()))), MappingProxyType(left_out))

    def _list_tracked(self) -> dict[str, tuple[str, str]]:
        """Return the mode and the blob of each tracked file; no blob for one that was changed."""
        changed = set(self._list("diff-files", "-z", "--name-only", "--no-ext-diff", "--ignore-submodules"))
        tracked = {}
        for row in self._list("ls-files", "-z", "--stage", strip=False):
            head, _, path = row.partition("\t")
            mode, blob, stage = head.split(" ")
            path = path.removeprefix(self._repository.prefix)
            is_known = stage == "0" and path not in changed  # other stages are a conflict's
            tracked[path] = (mode, blob if is_known else "")
        return tracked

    def _find_sizes(self, tracked: Mapping[str, tuple[str, str]]) -> dict[str, int]:
        """Return the sizes of the blobs of regular files that were not changed."""
        blobs = {blob for mode, blob in tracked.values() if blob and mode != SUBMODULE}
        answers = self._repository.run(
            "cat-file",
            "--buffer",
            "--batch-check=%(objectname) %(objectsize)",
            given="".join(f"{blob}\n" for blob in blobs).encode(),
        )
        rows = (answer.split(" ") for answer in answers.decode().splitlines())
        return {blob: int(size) for blob, size in rows if size.isdigit()}

    def _list(self, *arguments: str, strip: bool = True) -> list[str]:
        """Return the paths below the project that a git command lists between NULs."""
        prefix = self._repository.prefix
        command, *options = arguments
        listed = self._repository.run(command, *options, *(["--", prefix] if prefix else []))
        rows = [row for row in listed.decode("utf-8", "surrogateescape").split("\0") if row]
        return [row.removeprefix(prefix) for row in rows] if strip else rows


class _Listing(NamedTuple):
    files: Mapping[str, str]
    left_out: Mapping[str, str]
