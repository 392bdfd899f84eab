"""Files are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import SpecError
from taskcontract.model.files import create_file, write_file

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_file_is_written_once(tmp_path: Path) -> None:
    file = tmp_path / "new" / "x.json"
    assert write_file(file, "é\n")
    assert not write_file(file, "é\n")
    assert write_file(file, "e\n")
    assert file.read_text(encoding="utf-8") == "e\n"
    assert list(file.parent.iterdir()) == [file]


def test_a_file_is_created_only_where_nothing_stands(tmp_path: Path) -> None:
    file = tmp_path / "new" / "x.json"
    assert create_file(file, "first")
    assert not create_file(file, "second")
    assert file.read_text(encoding="utf-8") == "first"
    assert list(file.parent.iterdir()) == [file]


def lie_in_wait(file: Path, victim: Path) -> None:
    victim.write_text("mine")
    for name in (f".{file.name}.{os.getpid()}.tmp", f".{file.name}.{bytes(8).hex()}.tmp"):
        (file.parent / name).symlink_to(victim)


@pytest.mark.parametrize("write", [write_file, create_file])
def test_nothing_is_written_through_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path, str], bool]
) -> None:
    (tmp_path / "shared").mkdir()
    file, victim = tmp_path / "shared" / "x.json", tmp_path / "victim"
    lie_in_wait(file, victim)
    assert write(file, "theirs")
    assert (victim.read_text(), file.read_text()) == ("mine", "theirs")
    file.unlink()
    monkeypatch.setattr(os, "urandom", bytes)  # should the name be guessed after all
    with pytest.raises(SpecError, match="cannot be written"):
        write(file, "theirs")
    assert victim.read_text() == "mine"


def test_without_hard_links_nothing_is_overwritten_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    file = tmp_path / "x.json"
    assert create_file(file, "first")
    assert not create_file(file, "second")
    assert file.read_text(encoding="utf-8") == "first"


@pytest.mark.parametrize("write", [write_file, create_file])
def test_what_cannot_be_written_is_named(tmp_path: Path, write: object) -> None:
    blocker = tmp_path / "a-file"
    blocker.write_text("", encoding="utf-8")
    with pytest.raises(SpecError, match=r"a-file/x\.json: cannot be written"):
        write(blocker / "x.json", "text")  # type: ignore[operator]


def test_a_folder_is_not_replaced(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="cannot be written"):
        write_file(tmp_path, "text")


def test_a_device_is_written_to_and_stays_one() -> None:
    assert write_file("/dev/null", "text")
    assert Path("/dev/null").is_char_device()
