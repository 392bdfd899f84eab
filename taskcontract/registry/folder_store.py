"""A registry in a folder, which may be a git repository's."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.errors import RegistryError
from taskcontract.registry.store import LARGEST_OBJECT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FolderStore"]

ASIDE = ".writing"
"""The folder in which files are written before they get their names; no part of the registry."""
LEFT_BEHIND = 3600.0
"""Seconds after which a file there is one of a writer that was killed."""


class FolderStore:
    """A store whose keys are the paths of files below `root`.

    A file is written aside, flushed to the disk and linked under its name: the one step that fails where
    another writer was first.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def place(self) -> str:
        """The folder."""
        return str(self.root)

    def read(self, key: str) -> bytes | None:
        """Return the file's content."""
        try:
            with (self.root / key).open("rb") as file:
                data = file.read(LARGEST_OBJECT + 1)
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        except OSError as error:
            raise self._refuse(key, "cannot be read", error) from None
        return data

    def create(self, key: str, data: bytes) -> bool:
        """Write the file, unless it is there."""
        path = self.root / key
        if path.exists():
            return self.read(key) == data
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with self._write_aside(data) as aside:
                created = self._name(aside, path)
            if created:
                _flush_folder(path.parent)
        except OSError as error:
            raise self._refuse(key, "cannot be written", error) from None
        return created or self.read(key) == data

    def find_first(self, folder: str) -> str | None:
        """Return the key of the first file in `folder`."""
        name = min((entry.name for entry in self._scan(folder) if entry.is_file()), default=None)
        return None if name is None else f"{folder}{name}"

    def list_names(self, folder: str) -> Iterator[str]:
        """Yield the names in `folder`; folders without a file are of writers that have not written yet."""
        yield from sorted(entry.name for entry in self._scan(folder) if self._holds_file(folder, entry))

    def _holds_file(self, folder: str, entry: os.DirEntry[str]) -> bool:
        if entry.is_file():
            return True
        below = f"{folder}{entry.name}/"
        return any(self._holds_file(below, each) for each in self._scan(below))

    def _scan(self, folder: str) -> Iterator[os.DirEntry[str]]:
        """Yield what is in `folder`; what begins with a dot is not ours, or not finished."""
        try:
            with os.scandir(self.root / folder) as entries:
                yield from (entry for entry in entries if not entry.name.startswith("."))
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise self._refuse(folder, "cannot be listed", error) from None

    @contextmanager
    def _write_aside(self, data: bytes) -> Iterator[Path]:
        folder = self.root / ASIDE
        folder.mkdir(exist_ok=True)
        _remove_left_behind(folder)
        aside = folder / os.urandom(12).hex()
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            yield aside
        finally:
            aside.unlink(missing_ok=True)

    def _name(self, aside: Path, path: Path) -> bool:
        try:
            path.hardlink_to(aside)
        except FileExistsError:
            return False
        except OSError:  # a file system without hard links: one writer at a time
            with self._locked():
                if path.exists():
                    return False
                aside.replace(path)
        return True

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _refuse(self, key: str, what: str, error: OSError) -> RegistryError:
        return RegistryError(
            f"{what}: {error.strerror or error}",
            where=str(self.root / key),
            do="Check the path, the folder's permissions and the free space.",
        )


def _remove_left_behind(folder: Path) -> None:
    """Remove what killed writers left."""
    before = time.time() - LEFT_BEHIND
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                if entry.stat().st_mtime < before:
                    Path(entry.path).unlink()
            except FileNotFoundError:  # its writer has finished, or another one has removed it
                continue


def _flush_folder(folder: Path) -> None:
    """Write the new name to the disk: without it, a power cut may lose what was acknowledged."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:  # a file system on which folders cannot be flushed
        pass
    finally:
        os.close(descriptor)
