"""A folder is written whole, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import SpecError
from taskcontract.model.folders import write_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def read(folder: Path) -> dict[str, str]:
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}


def test_a_folder_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    folder = tmp_path / "deep/site"
    write_folder(folder, [("a.html", "1"), ("b/c.html", "2")], ".mark")
    assert read(folder) == {"a.html": "1", "b/c.html": "2", ".mark": ""}
    write_folder(folder, [("a.html", "3")], ".mark")
    assert read(folder) == {"a.html": "3", ".mark": ""}
    assert [each.name for each in folder.parent.iterdir()] == ["site"]


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    write_folder(tmp_path / "site", [("a", "1")], ".mark")
    assert read(tmp_path / "site") == {"a": "1", ".mark": ""}


def test_what_was_there_stays_where_the_new_cannot_be_made(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    write_folder(folder, [("a", "1")], ".mark")

    def fail() -> Iterator[tuple[str, str]]:
        yield "a", "2"
        raise OSError(28, "No space left on device")

    with pytest.raises(SpecError, match="No space left"):
        write_folder(folder, fail(), ".mark")
    assert read(folder) == {"a": "1", ".mark": ""}
    assert [each.name for each in tmp_path.iterdir()] == ["site"]


@pytest.mark.parametrize("kind", ["file", "link", "another folder"])
def test_what_is_not_ours_is_not_replaced(tmp_path: Path, kind: str) -> None:
    target = tmp_path / "site"
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/notes").write_text("mine")
    if kind == "file":
        target.write_text("mine")
    elif kind == "link":
        target.symlink_to(tmp_path / "mine")
    else:
        target = tmp_path / "mine"
    before = read(tmp_path)
    with pytest.raises(SpecError, match="folder"):
        write_folder(target, [("a", "1")], ".mark")
    assert read(tmp_path) == before
