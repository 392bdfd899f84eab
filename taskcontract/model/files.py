"""Reading and writing whole files: never a half-written one, never an unbounded one."""

from __future__ import annotations

import os
from pathlib import Path

from taskcontract.errors import SpecError
from taskcontract.model.canonical import Json, parse_json

__all__ = ["read_json_file", "write_file"]

LARGEST_FILE = 64 * 1024 * 1024
"""Bytes. A spec of 5,000 tasks has about 10 MB; what is larger than this is another kind of file."""


def read_json_file(path: Path | str) -> Json:
    """The JSON value in `path`, or a SpecError that names the file and says what to do."""
    path = Path(path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise SpecError(
                f"this file has more than {LARGEST_FILE // 1024 // 1024} MB",
                where=str(path),
                do="No spec or contract is as large: check that this is the right file.",
            )
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise SpecError(
            f"cannot be read: {error.strerror or error}", where=str(path), do="Check the path."
        ) from None
    except UnicodeDecodeError:
        raise SpecError(
            "this is not UTF-8 text", where=str(path), do="Specs and contracts are JSON files in UTF-8."
        ) from None
    return parse_json(text, where=str(path))


def write_file(path: Path | str, text: str) -> bool:
    """Write `text` to `path`, aside and then renamed; True if the file changed."""
    path = Path(path)
    try:
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return False
    except UnicodeDecodeError:
        pass  # what stands there is no text of ours: it is replaced whole
    aside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise SpecError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            do="Check the folder's permissions and the free space.",
        ) from None
    return True
