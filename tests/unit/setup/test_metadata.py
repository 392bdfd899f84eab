"""What an index is told of taskcontract: whoever installs it gets no tool that only a checkout needs."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import Distribution, PathDistribution
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[3]
PREPARE = (
    "import sys; from setuptools import build_meta; build_meta.prepare_metadata_for_build_wheel(sys.argv[1])"
)


@pytest.fixture(scope="module")
def metadata(tmp_path_factory: pytest.TempPathFactory) -> Distribution:
    """The metadata that the build backend writes into a wheel."""
    source = tmp_path_factory.mktemp("metadata")
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source / name)
    (source / "taskcontract").mkdir()
    (source / "taskcontract/__init__.py").touch()
    (source / "out").mkdir()
    command = [sys.executable, "-W", "ignore", "-c", PREPARE, "out"]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (written,) = (source / "out").glob("*.dist-info")
    return PathDistribution(written)


def test_the_extras_are_those_of_users(metadata: Distribution) -> None:
    extras = metadata.metadata.get_all("Provides-Extra")

    named = {"diff", "metrics", "pytest-celery", "redis", "s3", "source", "sqs", "testing", "verify"}
    assert set(extras or ()) == named


def test_the_licence_comes_along(metadata: Distribution) -> None:
    assert metadata.metadata["License-Expression"] == "MIT"
    assert metadata.metadata["License-File"] == "LICENSE"
    assert (ROOT / "LICENSE").read_text().startswith("MIT License")


def test_the_classifiers_are_what_is_tried(metadata: Distribution) -> None:
    classifiers = metadata.metadata.get_all("Classifier") or []
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())["jobs"]
    tried = jobs["tests"]["strategy"]["matrix"]["python"]
    may_fail = re.findall(r"3\.\d+", jobs["tests"]["continue-on-error"])

    assert [each for each in classifiers if each.startswith("Operating")] == [
        "Operating System :: POSIX :: Linux"
    ]
    assert re.findall(r"Python :: (3\.\d+)", " ".join(classifiers)) == [
        version for version in tried if version not in may_fail
    ]
    assert {job["runs-on"] for job in jobs.values() if "runs-on" in job} == {"ubuntu-latest"}
    assert "Typing :: Typed" in classifiers


DIST = (ROOT / ".ci/dist").read_text()


@pytest.mark.parametrize(
    ("tag", "changelog", "complaint"),
    [
        ("v1.2.4", "## 1.2.3, 2026-01-31", "the tag is v1.2.4, but pyproject.toml says 1.2.3"),
        ("v1.2.3", "## 1.2.3, unreleased", "CHANGELOG.md has no heading '## 1.2.3, YYYY-MM-DD'"),
        ("v1.2.3", "## 1.2.3, 2026-01-31", "changelog.d has fragments"),
        ("v1.2.3", "## 1.2.3, 2026-01-31", "pyproject.toml has no address"),
        ("v1.2.3", "## 1.2.3, 2026-01-31", ""),
    ],
)
def test_a_tag_is_built_that_says_what_the_files_say(
    tag: str, changelog: str, complaint: str, tmp_path: Path
) -> None:
    (tmp_path / ".ci").mkdir()
    (tmp_path / ".ci/dist").write_text(DIST)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to("/bin/echo")  # says what would be built
    version = re.sub('(?m)^version = ".*"$', 'version = "1.2.3"', (ROOT / "pyproject.toml").read_text())
    (tmp_path / "changelog.d").mkdir()
    if "fragments" in complaint:
        (tmp_path / "changelog.d/+x.added.md").touch()
    urls = "" if "no address" in complaint else '\n[project.urls]\nRepository = "https://example.org/x"\n'
    (tmp_path / "pyproject.toml").write_text(re.sub(r"(?m)^\[project\.urls\]\n(?:.+\n)+", "", version) + urls)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog}\n")

    done = subprocess.run(
        ["sh", tmp_path / ".ci/dist"],
        env={**os.environ, "TAG": tag},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert (complaint in done.stderr, done.returncode) == (True, 1 if complaint else 0)
    assert done.stdout.startswith("-m build") is not bool(complaint)
