"""Whole files or none: written aside, then renamed. Every other trouble than a missing file is explained."""

from __future__ import annotations

import contextlib
import os
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from taskcontract.embedded import private
from taskcontract.embedded.location import explain_loss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PRIVATE_FILE = 0o600
_CHUNK = 1 << 18

_P = ParamSpec("_P")
_R = TypeVar("_R")


def explained(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let FileNotFoundError through, and turn any other OSError into the FolderLostError that explains it."""

    @wraps(function)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        try:
            return function(*args, **kwargs)
        except FileNotFoundError:
            raise
        except OSError as error:
            raise explain_loss(error) from error

    return run


@contextlib.contextmanager
def open_folder(folder: Path, *parts: str) -> Iterator[int]:
    """Yield a handle on a part of a broker's folder, by which files are removed and renamed.

    Follows no link that was put there meanwhile: FolderLostError where it is not this user's alone any more.
    """
    with contextlib.ExitStack() as held:
        yield explained(held.enter_context)(private.open_own(folder, *parts))


@explained
def write_aside(aside: str, target: str, data: bytes) -> None:
    """Write `data` to a new file `aside`, then rename it to `target`: a reader sees all of it or nothing.

    Nothing is synced to the disk: what survives is the end of a process, not the end of the machine.
    """
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    try:
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        os.rename(aside, target)
    except OSError:
        remove(aside)
        raise


@explained
def read_whole(path: str, at: int | None = None) -> bytes:
    """Return a file's content; FileNotFoundError when there is none."""
    descriptor = os.open(path, os.O_RDONLY, dir_fd=at)
    try:
        data = os.read(descriptor, _CHUNK)
        if len(data) < _CHUNK:
            return data
        parts = [data]
        while part := os.read(descriptor, _CHUNK):
            parts.append(part)
        return b"".join(parts)
    finally:
        os.close(descriptor)


def read_if_there(path: str) -> bytes | None:
    """Return a file's content, or None when there is no such file."""
    try:
        return read_whole(path)
    except FileNotFoundError:
        return None


@explained
def move(path: str, target: str, at: int | None = None, to: int | None = None) -> None:
    """Rename a file or folder; FileNotFoundError when it, or the target's folder, is missing.

    `at` and `to` are the open folders that the two paths begin in, as for the other functions here.
    """
    os.rename(path, target, src_dir_fd=at, dst_dir_fd=to)


@explained
def remove(path: str, at: int | None = None) -> bool:
    """Remove a file if it is there; say whether it was."""
    try:
        os.unlink(path, dir_fd=at)
    except FileNotFoundError:
        return False
    return True


@explained
def touch(path: str) -> bool:
    """Set a file's time to now if it is there; say whether it was."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


@explained
def make_folder(path: str) -> None:
    """Create a folder and those above it for this user alone, unless they exist."""
    private.make_folder(path)


@explained
def list_below(handle: int, path: str) -> list[str]:
    """Return the names in a folder below an open one, none when there is no such folder."""
    return private.list_below(handle, path)


@explained
def list_names(folder: str) -> list[str]:
    """Return the names in a folder, none when there is no such folder."""
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
