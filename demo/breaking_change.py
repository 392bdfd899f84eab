"""A breaking change as a colleague might make it, in a copy of pusher: content first, as others have it.

Nothing complains: the bindings and the worker agree, each value is still a str, and every test of
pusher's own that was changed along with it passes.
"""

from __future__ import annotations

import difflib
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["copy_project", "make_change"]

COPIED = ("bindings", "contracts", "pusher", "pyproject.toml")
CHANGES = {
    "bindings/pusher.py": (
        "def send_to_s3_v2(key: str, content: str, meta: dict[str, str])",
        "def send_to_s3_v2(content: str, key: str, meta: dict[str, str])",
    ),
    "pusher/tasks.py": (
        "def send(key: str, content: str, meta: dict[str, str])",
        "def send(content: str, key: str, meta: dict[str, str])",
    ),
}


def copy_project(root: Path, target: Path) -> None:
    """Copy what pusher's own repository would hold from `root` to `target`, which must not exist."""
    for name in COPIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        else:
            shutil.copy(source, target / name)
    # pyproject.toml tells pytest to look there.
    (target / "tests").mkdir()


def make_change(project: Path) -> Iterator[str]:
    """Make the change in `project`; the lines that a reviewer would see."""
    for name, (old, new) in CHANGES.items():
        file = project / name
        before = file.read_text(encoding="utf-8")
        after = before.replace(old, new)
        if after == before:
            raise RuntimeError(
                f"{name} has no line {old!r} to change: demo/breaking_change.py is out of date"
            )
        file.write_text(after, encoding="utf-8")
        lines = difflib.unified_diff(before.splitlines(), after.splitlines(), name, name, n=0, lineterm="")
        yield from (line for line in lines if not line.startswith(("---", "@@")))
