"""The files of a folder, as they are now."""

from __future__ import annotations

import os
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.errors import SpecError
from taskcontract.extract.sources.source import MOST_BYTES, is_python_link

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["FolderTree", "read_file"]

LINK = "a symbolic link, which is not followed"
NOT_SOURCE = frozenset({"__pycache__", "node_modules", "site-packages"})
"""Folders that hold no source of the project, beside hidden ones and virtual environments."""


class FolderTree:
    """Every regular file below a folder; links are not followed, so that no loop of them matters.

    Hidden folders, caches and virtual environments are passed over. A folder that is a package is read as a
    part of the folder that it is imported from: so its modules have their names.
    """

    def __init__(self, folder: Path, origin: str) -> None:
        self.origin = origin
        self.folder = folder.absolute()
        self._start = ""
        while (self.folder / "__init__.py").is_file():
            self._start = f"{self.folder.name}/{self._start}"
            self.folder = self.folder.parent

    def files(self) -> Mapping[str, str]:
        """Return the paths of the files, without ids: those would cost the reading of each."""
        return self._walk.files

    def left_out(self) -> Mapping[str, str]:
        """Return the links, and the folders that may not be read."""
        return self._walk.left_out

    def read(self, path: str) -> bytes:
        """Return the bytes of a file; a SpecError where they cannot be had."""
        return read_file(self.folder, path)

    @cached_property
    def _walk(self) -> _Walk:
        files: dict[str, str] = {}
        left_out: dict[str, str] = {}
        folders = [self._start]
        while folders:
            prefix = folders.pop()
            try:
                with os.scandir(self.folder / prefix) as found:
                    entries = sorted(found, key=lambda entry: entry.name)
            except OSError as error:
                if prefix == self._start:
                    raise SpecError(f"cannot be read: {error.strerror}", where=self.origin) from None
                left_out[prefix.rstrip("/")] = f"the folder cannot be read: {error.strerror}"
                continue
            if prefix and any(entry.name == "pyvenv.cfg" for entry in entries):
                continue
            plain = [entry for entry in entries if not entry.is_symlink()]
            files |= {f"{prefix}{entry.name}": "" for entry in plain if entry.is_file()}
            inner = [entry.name for entry in plain if entry.is_dir() and _may_hold(entry.name)]
            folders += [f"{prefix}{name}/" for name in inner]
            links = [f"{prefix}{entry.name}" for entry in entries if entry.is_symlink()]
            left_out |= dict.fromkeys(filter(is_python_link, links), LINK)
        return _Walk(MappingProxyType(dict(sorted(files.items()))), MappingProxyType(left_out))


def _may_hold(folder: str) -> bool:
    return not folder.startswith(".") and folder not in NOT_SOURCE


class _Walk(NamedTuple):
    files: Mapping[str, str]
    left_out: Mapping[str, str]


def read_file(folder: Path, path: str) -> bytes:
    """Return the bytes of the regular file `path` below `folder`; a SpecError where they cannot be had."""
    try:
        # Whoever replaced the file by a link or a pipe after it was listed gets an error, not a wait.
        handle = os.open(folder / path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(handle, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise SpecError(f"cannot be read: {error.strerror}", where=path) from None
    if len(data) > MOST_BYTES:
        raise SpecError(f"the file has more than {MOST_BYTES // 2**20} MB", where=path)
    return data
