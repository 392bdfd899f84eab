"""Wheels, sdists and folders; hostile ones among them."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.errors import SpecError
from taskcontract.extract.sources import archive, folder
from taskcontract.extract.sources.archive import ArchiveTree
from taskcontract.extract.sources.folder import FolderTree
from tests.support.git_projects import PROJECT, write

if TYPE_CHECKING:
    from pathlib import Path

MODES: dict[str, Any] = {
    "a.tar": "w",
    "a.tar.gz": "w:gz",
    "a.tgz": "w:gz",
    "a.tar.bz2": "w:bz2",
    "a.tar.xz": "w:xz",
}


def make_tar(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, MODES[path.name]) as made:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return path


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in files.items():
            made.writestr(name, data)
    return path


def contents(tree) -> dict[str, bytes]:
    return {path: tree.read(path) for path in tree.files()}


@pytest.mark.parametrize("name", [*MODES, "a.zip"])
def test_an_sdist_is_read_below_its_one_folder(tmp_path, name):
    make = make_zip if name == "a.zip" else make_tar
    made = make(tmp_path / name, {f"shop-1.0/{path}": data for path, data in PROJECT.items()})
    tree = ArchiveTree(made, name)
    assert contents(tree) == PROJECT
    assert tree.left_out() == {}


def test_without_one_folder_at_its_top_names_stay(tmp_path):
    assert contents(ArchiveTree(make_zip(tmp_path / "a.zip", PROJECT), "a.zip")) == PROJECT
    assert contents(ArchiveTree(make_tar(tmp_path / "a.tar", {"a.py": b"1"}), "a.tar")) == {"a.py": b"1"}


def test_a_wheel_is_read_as_it_is_installed(tmp_path):
    files = {
        "shop/a.py": b"1",
        "shop-1.data/purelib/b.py": b"2",
        "shop-1.data/scripts/c": b"3",
        "shop-1.dist-info/WHEEL": b"4",
    }
    tree = ArchiveTree(make_zip(tmp_path / "shop-1-py3-none-any.whl", files), "shop")
    assert contents(tree) == {
        "b.py": b"2",
        "shop-1.data/scripts/c": b"3",
        "shop-1.dist-info/WHEEL": b"4",
        "shop/a.py": b"1",
    }


@pytest.mark.parametrize("name", ["../a.py", "x/../../a.py", "/etc/a.py", "..\\a.py", "C:/a.py", "\\a.py"])
@pytest.mark.parametrize("kind", ["a.whl", "a.tar.gz"])
def test_names_that_lead_out_are_refused(tmp_path, name, kind):
    make = make_zip if kind == "a.whl" else make_tar
    made = make(tmp_path / kind, {"shop/a.py": b"", name: b""})
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(SpecError, match="outside of itself") as error:
        ArchiveTree(made, kind).files()
    assert error.value.where == kind
    assert sorted(tmp_path.rglob("*")) == before


def test_links_are_listed_and_not_followed(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as made:
        for name, kind in (
            ("x/a.py", tarfile.SYMTYPE),
            ("x/b.py", tarfile.LNKTYPE),
            ("x/c.txt", tarfile.SYMTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, "/etc/passwd"
            made.addfile(member)
        made.addfile(tarfile.TarInfo("x/d.py"))
    tree = ArchiveTree(tmp_path / "a.tar", "a.tar")
    assert contents(tree) == {"d.py": b""}
    assert list(tree.left_out()) == ["a.py", "b.py"]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        info = zipfile.ZipInfo("x/a.py")
        info.external_attr = 0o120777 << 16
        zipped.writestr(info, "/etc/passwd")
    assert list(ArchiveTree(tmp_path / "a.zip", "a.zip").left_out()) == ["a.py"]


def test_devices_are_no_files(tmp_path):
    with tarfile.open(tmp_path / "a.tar", "w") as made:
        member = tarfile.TarInfo("x/a.py")
        member.type = tarfile.FIFOTYPE
        made.addfile(member)
    tree = ArchiveTree(tmp_path / "a.tar", "a.tar")
    assert not tree.files()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.whl", b"no zip"),
        ("a.whl", b""),
        ("a.tar.gz", b"no gzip"),
        ("a.tar.gz", b""),
        ("a.tar.gz", b"\x1f\x8b\x08\x00broken"),
        ("a.tar.bz2", b"BZh9broken"),
        ("a.tar.xz", b"\xfd7zXZ\x00broken"),
    ],
)
def test_what_is_no_archive_is_an_error(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SpecError) as error:
        ArchiveTree(tmp_path / name, name).files()
    assert error.value.where == name


def test_half_of_an_archive_is_an_error(tmp_path):
    whole = make_tar(tmp_path / "a.tar.gz", {"x/a.py": os.urandom(9000)}).read_bytes()
    (tmp_path / "a.tgz").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SpecError, match="no wheel or sdist"):
        ArchiveTree(tmp_path / "a.tgz", "a.tgz").files()


def test_a_missing_archive_is_an_error(tmp_path):
    with pytest.raises(SpecError, match="no such file"):
        ArchiveTree(tmp_path / "a.whl", "a.whl").files()


def test_an_encrypted_member_is_an_error_of_its_own(tmp_path):
    made = make_zip(tmp_path / "a.zip", {"a.py": b"1", "b.py": b"2"})
    data = bytearray(made.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1  # of the first member
    made.write_bytes(data)
    tree = ArchiveTree(made, "a.zip")
    assert tree.read("b.py") == b"2"
    with pytest.raises(SpecError, match="encrypted"):
        tree.read("a.py")


@pytest.mark.parametrize("kind", ["a.whl", "a.tar.gz"])
def test_a_bomb_is_bounded(tmp_path, kind, monkeypatch):
    make = make_zip if kind == "a.whl" else make_tar
    made = make(tmp_path / kind, {"x/a.py": bytes(9000), "x/b.py": b"1"})
    for module in (archive, folder):
        monkeypatch.setattr(module, "MOST_BYTES", 8000)
    tree = ArchiveTree(made, kind)
    name = "x/a.py" if kind == "a.whl" else "a.py"
    with pytest.raises(SpecError, match="has more than"):
        tree.read(name)
    assert tree.read(name.replace("a", "b")) == b"1"
    monkeypatch.setattr(archive, "MOST_UNPACKED", 8000)
    with pytest.raises(SpecError, match="GB"):
        ArchiveTree(made, kind).files()
    monkeypatch.setattr(archive, "MOST_UNPACKED", 2**30)
    monkeypatch.setattr(archive, "MOST_FILES", 1)
    with pytest.raises(SpecError, match="more than 1 files"):
        ArchiveTree(made, kind).files()


def test_a_folder_is_read_without_what_is_no_source(tmp_path):
    noise = {
        "__pycache__/a.py": b"",
        ".git/a.py": b"",
        "env/pyvenv.cfg": b"",
        "env/a.py": b"",
        "node_modules/a.py": b"",
    }
    write(tmp_path, PROJECT | noise)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "shop/linked.py").symlink_to("tasks.py")
    tree = FolderTree(tmp_path, "folder")
    assert contents(tree) == PROJECT
    assert list(tree.left_out()) == ["loop", "shop/linked.py"]


@pytest.mark.parametrize("below", ["shop", "shop/mail"])
def test_a_package_is_read_from_the_folder_that_it_is_imported_from(tmp_path, below):
    write(tmp_path, PROJECT | {"shop/mail/__init__.py": b""})
    tree = FolderTree(tmp_path / below, below)
    assert "shop/mail/tasks.py" in tree.files()
    assert {path for path in tree.files() if not path.startswith(f"{below}/")} == set()
    assert tree.read("shop/mail/tasks.py") == PROJECT["shop/mail/tasks.py"]


def test_a_folder_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(SpecError, match="cannot be read") as error:
        FolderTree(tmp_path / "gone", "gone").files()
    assert error.value.where == "gone"
    write(tmp_path, {"a.py": b""})
    tree = FolderTree(tmp_path, "here")
    tree.files()
    (tmp_path / "a.py").unlink()
    with pytest.raises(SpecError, match="cannot be read"):
        tree.read("a.py")


def test_a_file_that_is_too_large_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setattr(folder, "MOST_BYTES", 3)
    write(tmp_path, {"a.py": b"1234", "b.py": b"123"})
    tree = FolderTree(tmp_path, "here")
    assert tree.read("b.py") == b"123"
    with pytest.raises(SpecError, match="more than"):
        tree.read("a.py")
