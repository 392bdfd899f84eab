"""Folders that are this user's alone, held by handles: what is put in their place is not followed."""

from __future__ import annotations

import contextlib
import errno
import os
import shlex
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

PRIVATE = 0o700
_OTHERS = 0o077
_WRITABLE = 0o022
_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


class UnsafeFolderError(PermissionError):
    """A folder into which another user may put files, or may have put some; `do` says what to do."""

    def __init__(self, why: str, path: str, do: str) -> None:
        super().__init__(errno.EACCES, why, path)
        self.do = do


def say_what_to_do(error: OSError, otherwise: str) -> str:
    """Return what to do about an unsafe folder; `otherwise`, for any other error."""
    return error.do if isinstance(error, UnsafeFolderError) else otherwise


def make_folder(path: str) -> None:
    """Create a folder, and those above it, for this user alone, unless they exist."""
    try:
        os.mkdir(path, PRIVATE)
    except FileNotFoundError:
        make_folder(os.path.dirname(path))
        make_folder(path)
    except FileExistsError:
        if not os.path.isdir(path):
            raise


@contextlib.contextmanager
def open_own(folder: str | os.PathLike[str], *parts: str) -> Iterator[int]:
    """Yield a handle on a folder, or on the one that `parts` lead to from there.

    Raises UnsafeFolderError where one of them is a link, another user's, or writable by others.
    """
    with contextlib.ExitStack() as held:
        handle, path = None, ""
        for part in (os.fspath(folder), *parts):
            path = f"{path}/{part}" if path else part
            handle = _open(part, handle, path)
            held.callback(os.close, handle)
        assert handle is not None
        yield handle


def close_to_others(handle: int) -> None:
    """Take from others what they may read of a folder that they cannot write to."""
    mode = stat.S_IMODE(os.fstat(handle).st_mode)
    if mode & _OTHERS:
        os.fchmod(handle, mode & ~_OTHERS)


def list_below(handle: int, path: str) -> list[str]:
    """Return the names in a folder below an open one, none when there is no such folder."""
    try:
        below = os.open(path, _FLAGS, dir_fd=handle)
    except (FileNotFoundError, NotADirectoryError):
        return []
    try:
        return os.listdir(below)
    finally:
        os.close(below)


def _open(name: str, above: int | None, path: str) -> int:
    try:
        if stat.S_ISLNK(os.stat(name, dir_fd=above, follow_symlinks=False).st_mode):
            raise UnsafeFolderError(
                "it is a symbolic link", path, "Name the folder that it leads to, or remove the link."
            )
        handle = os.open(name, _FLAGS, dir_fd=above)
    except OSError as error:
        error.filename = path
        raise
    try:
        _check(os.fstat(handle), path)
    except BaseException:
        os.close(handle)
        raise
    return handle


def _check(found: os.stat_result, path: str) -> None:
    user = os.geteuid()
    if found.st_uid != user:
        raise UnsafeFolderError(
            f"it belongs to user {found.st_uid}, and this process is user {user}",
            path,
            "Run as that user, or name a folder of this user's own; embedded:// alone is one.",
        )
    if found.st_mode & _WRITABLE:
        raise UnsafeFolderError(
            f"other users may write to it (its mode is {stat.S_IMODE(found.st_mode):o})",
            path,
            f"Name another, or make sure that no other user has put files there and close it: "
            f"chmod -R go-rwx {shlex.quote(path)}",
        )
