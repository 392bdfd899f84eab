"""Every `python` and `console` block of README.md and docs/ works, and gives the output that it shows."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from demo.s3 import connect, make_environment, serve_s3
from tests.support.document import Document, make_path
from tests.support.markdown_blocks import read_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md")])
COPIED = ("bindings", "contracts", "demo", "examples", "pusher", "pyproject.toml")


@pytest.fixture(scope="module")
def s3_url() -> Iterator[str]:
    with serve_s3() as url:
        yield url


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of what a reader works on, which a document may change."""
    folder = tmp_path / "project"
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, folder / name)
    return folder


@pytest.fixture
def environment(tmp_path: Path, s3_url: str) -> dict[str, str]:
    """No servers but S3: a broker folder and a bucket of the document's own."""
    broker = f"embedded://{tmp_path}/broker"
    own = make_environment(s3_url, bucket=f"docs-{tmp_path.name.replace('_', '-').lower()}")
    connect(s3_url).create_bucket(Bucket=own["PUSHER_BUCKET"])
    addresses = {"CELERY_BROKER_URL": broker, "CELERY_RESULT_BACKEND": broker}
    plain = {"PATH": make_path(os.environ), "NO_COLOR": "1", "COLUMNS": "100"}
    plain["TASKCONTRACT_USAGE"] = str(tmp_path / "usage.sqlite")
    return {**os.environ, **own, **addresses, **plain}


@pytest.mark.live
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_document(path: Path, folder: Path, environment: dict[str, str]) -> None:
    blocks = list(read_blocks(path.read_text(encoding="utf-8")))
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    with Document(str(path.relative_to(ROOT)), folder, environment, makefile) as document:
        for block in blocks:
            document.run(block)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("```python\nx = 1\n```\n```python\nassert x == 2\n```", r"README.md:5\n(.|\n)*line 5"),
        ("```console\n$ false\n```", "exit code 1, not 0"),
        ("<!-- exits: 1 -->\n```console\n$ true\n```", "exit code 0, not 1"),
        ("```console\n$ echo one\ntwo\n```", r"shown:\ntwo\n\nin truth:\none"),
        ("```console\n$ make tea\n```", "no such target"),
        ("```python\n# a.py\nx = 1\n```\n```python\nimport a\nassert a.x == 2\n```", "README.md:6"),
    ],
)
def test_a_document_that_lies_is_caught(text: str, complaint: str, tmp_path: Path) -> None:
    environment = {**os.environ, "PATH": make_path(os.environ)}
    with Document("README.md", tmp_path, environment, "test:\n") as document:
        *harmless, lie = read_blocks(text)
        for block in harmless:
            document.run(block)
        with pytest.raises(AssertionError, match=complaint):
            document.run(lie)
