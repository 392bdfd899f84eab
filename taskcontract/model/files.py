"""Reading and writing whole files: never a half-written one, never an unbounded one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError
from taskcontract.model.canonical import MOST_PIECES, parse_json
from taskcontract.model.quick_json import parse_written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["append_to_file", "create_file", "read_json_file", "write_file"]

LARGEST_FILE = 32 * 1024 * 1024
"""Bytes. A spec of 5,000 tasks has about 10 MB; what is larger than this is another kind of file."""


def read_json_file(path: Path | str) -> Json:
    """Return the JSON value in `path`, or a SpecError that names the file and says what to do."""
    path = Path(path)
    try:
        with path.open("rb") as file:  # bounded by what is read, as a pipe or a device has no size
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise SpecError(
            f"cannot be read: {error.strerror or error}", where=str(path), do="Check the path."
        ) from None
    if len(data) > LARGEST_FILE:
        raise SpecError(
            f"this file has more than {LARGEST_FILE // 1024 // 1024} MB",
            where=str(path),
            do="No spec or contract is as large: check that this is the right file.",
        )
    if len(data) <= MOST_PIECES or sum(map(data.count, (b",", b"[", b"{"))) <= MOST_PIECES:
        value = parse_written(data)
        if value is not None:
            return value
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SpecError(
            "this is not UTF-8 text", where=str(path), do="Specs and contracts are JSON files in UTF-8."
        ) from None
    return parse_json(text, where=str(path))


def write_file(path: Path | str, text: str) -> bool:
    """Write `text` to `path`, aside and then renamed; True if the file changed."""
    path = Path(path)
    if _holds(path, text):
        return False
    try:
        if path.exists() and not path.is_file():  # a device or a pipe is written to, never replaced
            path.write_text(text, encoding="utf-8")
            return True
        with _aside(path, text) as aside:
            aside.replace(path)
    except OSError as error:
        raise _unwritable(path, error) from None
    return True


def append_to_file(path: Path | str, text: str) -> None:
    """Add `text` at the end of the file at `path`, which need not be there."""
    try:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise _unwritable(Path(path), error) from None


def create_file(path: Path | str, text: str) -> bool:
    """Write `text` to `path` whole, unless something stands there: then False, even in a race."""
    path = Path(path)
    try:
        with _aside(path, text) as aside:
            return _link(aside, path)
    except OSError as error:
        raise _unwritable(path, error) from None


def _holds(path: Path, text: str) -> bool:
    try:
        return path.is_file() and path.read_bytes() == text.encode()
    except OSError:
        return False


@contextmanager
def _aside(path: Path, text: str) -> Iterator[Path]:
    """Write a file beside `path` that holds `text`; it is removed at the end unless it was renamed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")
    file = aside.open("x", encoding="utf-8")  # never through a link that waits there
    try:
        with file:
            file.write(text)
        yield aside
    finally:
        aside.unlink(missing_ok=True)


def _link(aside: Path, path: Path) -> bool:
    try:
        path.hardlink_to(aside)  # the one step that fails where another writer was first
    except FileExistsError:
        return False
    except OSError:  # a file system without hard links
        if path.exists():
            return False
        aside.replace(path)
    return True


def _unwritable(path: Path, error: OSError) -> SpecError:
    return SpecError(
        f"cannot be written: {error.strerror or error}",
        where=str(path),
        do="Check the path, the folder's permissions and the free space.",
    )
