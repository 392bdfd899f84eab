"""Released packages, from a folder that pip is told to look into; the real pip."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
import tarfile
import zipfile

import pytest
from packaging.requirements import Requirement

from taskcontract.errors import ConfigError, SpecError
from taskcontract.extract.sources import pypi
from taskcontract.extract.sources.pypi import fetch_package

pytestmark = [pytest.mark.process, pytest.mark.slow]


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder with a wheel of shop 1.0, an sdist of 2.0 that must not be built, and an empty cache."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "shop-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("shop/tasks.py", "1")
        wheel.writestr("shop-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
        wheel.writestr(
            "shop-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("shop-1.0.dist-info/RECORD", "")
    with tarfile.open(folder / "shop-2.0.tar.gz", "w:gz") as sdist:
        for name, text in (("setup.py", f"open({str(tmp_path / 'ran')!r}, 'w')"), ("shop/tasks.py", "2")):
            member = tarfile.TarInfo(f"shop-2.0/{name}")
            member.size = len(text)
            sdist.addfile(member, io.BytesIO(text.encode()))
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


def test_a_wheel_is_fetched_once(index, monkeypatch):
    assert fetch_package("shop==1.0").read("shop/tasks.py") == b"1"
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("it is in the cache"))
    tree = fetch_package("Shop==1.0")
    assert tree.read("shop/tasks.py") == b"1"
    assert tree.origin == "pypi:Shop==1.0"


def test_an_sdist_is_fetched_and_not_built(index, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pip.py").write_text("raise SystemExit('a module of the project was imported')")
    tree = fetch_package("shop==2.0")
    assert tree.read("shop/tasks.py") == b"2"
    assert tree.file.is_relative_to(tmp_path / "cache")
    assert not (tmp_path / "ran").exists()


def test_a_release_that_is_not_exact_is_not_kept(index, tmp_path):
    assert fetch_package("shop<2").read("shop/tasks.py") == b"1"
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.suffix == ".whl"]


def test_what_the_index_lacks_is_said_in_pips_words(index, tmp_path):
    with pytest.raises(SpecError, match=r"shop==3\.0.*from versions: 1\.0.*sdists of 2\.0") as error:
        fetch_package("shop==3.0")
    assert error.value.where == "pypi:shop==3.0"
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]


def test_another_index_is_another_cache(index, monkeypatch):
    release = Requirement("shop==1.0")
    here = pypi._cache_folder(release)
    monkeypatch.setenv("PIP_FIND_LINKS", "/elsewhere")
    assert pypi._cache_folder(release) != here
    monkeypatch.setenv("PIP_FIND_LINKS", str(index))
    assert pypi._cache_folder(release) == here
    configured = index / "pip.conf"
    configured.write_text("[global]\nindex-url = https://pypi.example.org/simple\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(configured))
    there = pypi._cache_folder(release)
    configured.write_text("[global]\nindex-url = https://pypi.example.com/simple\n")
    assert len({here, there, pypi._cache_folder(release)}) == 3


@pytest.mark.parametrize(
    "wanted",
    ["", "-r x", "shop @ file:///tmp/x", "shop[a]==1", "shop; python_version>'3'", "./shop", "shop==1 --pre"],
)
def test_what_is_more_than_a_release_is_refused(wanted, monkeypatch):
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("pip was started"))
    with pytest.raises(ConfigError, match=r"names no package|more than a name"):
        fetch_package(wanted)


def test_a_file_without_the_hash_of_its_index_is_refused(index, tmp_path, monkeypatch):
    page = tmp_path / "page.html"
    wrong = hashlib.sha256(b"another").hexdigest()
    page.write_text(f'<a href="{(index / "shop-2.0.tar.gz").as_uri()}#sha256={wrong}">shop-2.0.tar.gz</a>')
    monkeypatch.setenv("PIP_FIND_LINKS", str(page))
    said = pypi._run(["-P", str(pypi.SDIST_PROGRAM), "shop==2.0", str(tmp_path)])
    assert said is not None
    assert "has not the hash" in said
    assert not (tmp_path / "shop-2.0.tar.gz").exists()


def test_without_pip_the_error_says_so(index, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/sh")
    monkeypatch.setattr(pypi, "_run", lambda _: "/bin/python: No module named pip")
    with pytest.raises(SpecError, match="pip is not installed"):
        fetch_package("shop==1.0")


def test_logins_are_hidden(index, monkeypatch):
    monkeypatch.setattr(pypi, "_run", lambda _: "ERROR: 401 for https://me:secret@pypi.example.org/simple")
    with pytest.raises(SpecError) as error:
        fetch_package("shop==1.0")
    assert "secret" not in str(error.value)
