"""URLs and folders: what they name, and what is said about one that cannot serve."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taskcontract.embedded import default_folder, read_url, write_url
from taskcontract.embedded.location import FolderLostError, has_served, prepare
from taskcontract.embedded.refusal import FolderRefusedError
from taskcontract.errors import BrokerError


@pytest.mark.parametrize(
    ("url", "folder"),
    [
        ("embedded:///tmp/broker", "/tmp/broker"),
        ("embedded:///tmp/my broker", "/tmp/my broker"),
        ("embedded:///tmp/my%20broker", "/tmp/my broker"),
        ("embedded:///tmp/50%25%3B%3F%23", "/tmp/50%;?#"),
        ("embedded:///tmp/f%C3%BCr/", "/tmp/für"),
        ("embedded:///tmp/a?b#c", "/tmp/a?b#c"),
    ],
)
def test_a_url_names_its_folder(url: str, folder: str) -> None:
    assert read_url(url) == Path(folder)


@pytest.mark.parametrize("url", ["embedded://", "embedded:///"])
def test_a_bare_url_names_the_users_own_folder(url: str) -> None:
    assert read_url(url) == default_folder()


@pytest.mark.parametrize(
    "url", ["embedded://tmp/broker", "embedded://./here", "redis://", "embedded:///a%00b"]
)
def test_a_url_without_an_absolute_folder_is_refused(url: str) -> None:
    with pytest.raises(BrokerError, match="embedded:///absolute/folder"):
        read_url(url)


@given(
    st.lists(st.text(min_size=1).filter(lambda part: not {"/", "\0"} & set(part) and part not in {".", ".."}))
)
def test_any_folder_survives_its_url(parts: list[str]) -> None:
    folder = Path("/root", *[part.encode("utf-8", "replace").decode() for part in parts])
    assert read_url(write_url(folder)) == folder
    assert ";" not in write_url(folder)


@pytest.mark.parametrize(
    ("state_home", "expected"),
    [
        ("/state", "/state/taskcontract/embedded"),
        ("relative", "/home/me/.local/state/taskcontract/embedded"),
        ("", "/home/me/.local/state/taskcontract/embedded"),
        (None, "/home/me/.local/state/taskcontract/embedded"),
    ],
)
def test_the_users_own_folder_follows_xdg(
    state_home: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    if state_home is None:
        monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_STATE_HOME", state_home)
    assert default_folder() == Path(expected)


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def find_none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", find_none)
    with pytest.raises(BrokerError, match="no home folder") as refusal:
        read_url("embedded://")
    assert "XDG_STATE_HOME" in refusal.value.do


def test_a_folder_is_made_private(tmp_path: Path) -> None:
    folder = tmp_path / "not" / "there yet"
    prepare(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert has_served(folder)


def test_a_folder_that_never_served_is_refused_in_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FolderRefusedError) as refusal:
        prepare(tmp_path / "file" / "broker")
    error = refusal.value
    assert isinstance(error, BrokerError)
    assert str(tmp_path / "file") in str(error)
    assert "embedded:///absolute/folder" in error.do
    assert error.format_message() == str(error)
    assert error.exit_code == 2


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    with pytest.raises(FolderRefusedError, match="Permission denied"):
        prepare(tmp_path / "broker")


def test_a_folder_that_served_before_is_called_lost(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("in the way")
    with pytest.raises(FolderLostError, match="lost its folder"):
        prepare(folder)


def test_a_removed_folder_comes_back(folder: Path) -> None:
    shutil.rmtree(folder)
    prepare(folder)
    assert (folder / "queues").is_dir()
