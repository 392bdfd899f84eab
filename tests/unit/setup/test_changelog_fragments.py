"""Fragments of the changelog: each is found, and is one line that says what a user notices."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
FRAGMENTS = sorted((ROOT / "changelog.d").glob("*"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=lambda path: path.name)
def test_a_fragment_is_one_line(fragment: Path) -> None:
    text = fragment.read_text("utf-8")

    assert text.endswith("\n")
    assert text.count("\n") == 1
    assert not text.startswith(("-", "*", " ", "#"))


def write(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "towncrier", "build", "--version", "9.9.9", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for name in ("pyproject.toml", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "changelog.d").mkdir()
    for fragment in FRAGMENTS:
        shutil.copy(fragment, tmp_path / "changelog.d")
    (tmp_path / "changelog.d/+spin.fixed.md").write_text("A worker spins no more.\n")
    (tmp_path / "changelog.d/12.added.md").write_text("`explain` knows more.\n")
    return tmp_path


@pytest.mark.process
def test_a_release_puts_the_fragments_under_its_heading(checkout: Path) -> None:
    before = (checkout / "CHANGELOG.md").read_text("utf-8")
    done = write(checkout, "--date", "2027-01-31", "--keep")
    after = (checkout / "CHANGELOG.md").read_text("utf-8")
    heading, _, released = before.partition("<!-- towncrier release notes start -->\n")

    assert done.returncode == 0, done.stderr
    assert after.startswith(f"{heading}<!-- towncrier release notes start -->\n\n## 9.9.9, 2027-01-31\n")
    assert "- A worker spins no more.\n" in after
    assert "- `explain` knows more. (#12)\n" in after
    assert after.index("### Added") < after.index("### Fixed")
    assert after.endswith(released)


@pytest.mark.process
def test_a_type_that_is_none_is_an_error(checkout: Path) -> None:
    (checkout / "changelog.d/+more.features.md").write_text("More.\n")
    done = write(checkout, "--draft")

    assert done.returncode == 1
    assert "Invalid news fragment name: +more.features.md" in done.stderr


def test_the_types_are_those_that_contributors_read_of() -> None:
    paragraph = (ROOT / "CONTRIBUTING.md").read_text("utf-8").partition("The types are ")[2].partition(";")[0]
    types = [each["directory"] for each in PROJECT["tool"]["towncrier"]["type"]]

    assert paragraph.replace("\n", " ").replace(" and", ",").replace("`", "").split(", ") == types
