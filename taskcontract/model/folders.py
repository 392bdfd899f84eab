"""Writing a whole folder: what was there before, or all of the new, and never a half of it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from taskcontract.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["write_folder"]


def write_folder(path: Path | str, files: Iterable[tuple[str, str]], mark: str) -> None:
    """Write `files`, by their paths in the folder `path`, aside, and rename that into its place.

    `mark` is the name of a file that says whose folder it is: another one, unless it is empty, is not
    replaced. A SpecError says what is in the way.
    """
    path = Path(path)
    aside = path.absolute().with_name(f".{path.absolute().name}.{os.urandom(8).hex()}.tmp")
    try:
        if path.is_symlink() or (path.exists() and not path.is_dir()):
            raise _in_the_way(path, "this is no folder")
        if path.is_dir() and any(path.iterdir()) and not (path / mark).is_file():
            raise _in_the_way(path, "this folder holds something else, which would be lost")
        aside.mkdir(parents=True)
        for name, text in (*files, (mark, "")):
            file = aside / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        _put(aside, path)
    except OSError as error:
        raise SpecError(
            f"cannot be written: {error.strerror or error}",
            where=str(path),
            do="Check the path, the folder's permissions and the free space.",
        ) from None
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _put(aside: Path, path: Path) -> None:
    if not path.exists():
        aside.rename(path)
        return
    before = aside.with_name(f"{aside.name}.old")
    path.rename(before)
    try:
        aside.rename(path)
    except OSError:
        before.rename(path)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _in_the_way(path: Path, what: str) -> SpecError:
    return SpecError(what, where=str(path), do="Name another folder, or remove it.")
