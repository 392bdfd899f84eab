"""Whole files or none: written aside, then renamed. Every other trouble than a missing file is explained."""

from __future__ import annotations

import os
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from taskcontract.embedded.location import explain_loss

if TYPE_CHECKING:
    from collections.abc import Callable

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


@explained
def write_aside(aside: str, target: str, data: bytes) -> None:
    """Write `data` to a new file `aside`, then rename it to `target`: a reader sees all of it or nothing.

    Nothing is synced to the disk: what survives is the end of a process, not the end of the machine.
    """
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
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
def read_whole(path: str) -> bytes:
    """Give a file's content; FileNotFoundError when there is none."""
    descriptor = os.open(path, os.O_RDONLY)
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
    """Give a file's content, or None when there is no such file."""
    try:
        return read_whole(path)
    except FileNotFoundError:
        return None


@explained
def move(path: str, target: str) -> None:
    """Rename a file or folder; FileNotFoundError when it, or the target's folder, is missing."""
    os.rename(path, target)


@explained
def remove(path: str) -> bool:
    """Remove a file if it is there; say whether it was."""
    try:
        os.unlink(path)
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
    """Create a folder and those above it, unless they exist."""
    os.makedirs(path, exist_ok=True)


@explained
def list_names(folder: str) -> list[str]:
    """Give the names in a folder, none when there is no such folder."""
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
