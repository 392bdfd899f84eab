"""Whole files or none: written aside, then renamed; read at once."""

from __future__ import annotations

import os

_CHUNK = 1 << 18


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


def remove(path: str) -> bool:
    """Remove a file if it is there; say whether it was."""
    try:
        os.unlink(path)
    except FileNotFoundError:
        return False
    return True


def read_if_there(path: str) -> bytes | None:
    """Give a file's content, or None when there is no such file."""
    try:
        return read_whole(path)
    except FileNotFoundError:
        return None


def list_names(folder: str) -> list[str]:
    """Give the names in a folder, none when there is no such folder."""
    try:
        return os.listdir(folder)
    except FileNotFoundError:
        return []
