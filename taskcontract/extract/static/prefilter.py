"""Which files can hold a task at all, told from their bytes: most need no parsing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["is_packaged", "is_source", "is_test", "may_define", "used_words", "uses"]

ASIDE = frozenset(
    {"tests", "test", "docs", "doc", "documentation", "node_modules", "site-packages", "__pycache__"}
)
"""Folders whose tasks no worker of the project serves."""
TEST_FILE = re.compile(r"(?:^|/)(?:test_[^/]*|[^/]*_test|tests|conftest)\.py$")
TESTS = re.compile(rb"^[ \t]*(?:async[ \t]+)?def test_|\bpytest\b|\bunittest\b|TestCase\b", re.MULTILINE)
"""What a file of tests has: `test_results.py` may as well be about the results of tests."""
SAMPLES = ("example/", "examples/")
"""Folders at the top of a tree that are not installed with it."""

MENTIONS = re.compile(
    rb"shared_task|register_task|periodic_task|\.task\b|\btasks\.register|@task\b"
    rb"|import[ \t]+task[ \t]+as\b|from celery(?:\.[\w.]+)? import|import celery"
)
"""What a file must have to define a task, or a wrapper that makes some."""


def is_source(path: str) -> bool:
    """Return whether a worker of the project may import `path`; not what is among its tests or documents."""
    return path.endswith(".py") and is_packaged(path)


def is_packaged(path: str) -> bool:
    """Return whether what is installed of a project may have `path`, or a file that says how it is built."""
    folders = path.split("/")[:-1]
    is_aside = path.startswith(SAMPLES) or not ASIDE.isdisjoint(folders)
    return not is_aside and not any(folder.startswith(".") for folder in folders)


def is_test(path: str, text: bytes) -> bool:
    """Return whether a file of that name holds tests."""
    return TEST_FILE.search(path) is not None and TESTS.search(text) is not None


def may_define(text: bytes) -> bool:
    """Return whether a file of these bytes may make a task by Celery's own names."""
    return (b"task" in text or b"celery" in text) and MENTIONS.search(text) is not None


def uses(names: Iterable[str]) -> re.Pattern[bytes]:
    """Return the pattern of a decorator or a call that is one of `names`."""
    choices = b"|".join(re.escape(name.encode()) for name in sorted(names))
    before = rb"(?:^[ \t]*(?:@[\w. \t]*)?|=[ \t]*|^[ \t]*[\w.]+\.|=[ \t]*[\w.]+\.)"
    return re.compile(before + rb"\b(?:" + choices + rb")\b", re.MULTILINE)


USED = re.compile(rb"^[ \t]*@([\w. \t]*)|^[ \t]*([\w.]+)|=[ \t]*([\w.]+)", re.MULTILINE)
APART = re.compile(rb"[. \t]+")


def used_words(text: bytes) -> frozenset[bytes]:
    """Return every name for which `uses` has a match in `text`."""
    return frozenset(
        word for found in USED.findall(text) for path in found if path for word in APART.split(path)
    )
