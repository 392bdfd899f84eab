"""The documentation site, built as `make site` builds it."""

from __future__ import annotations

import os
import subprocess
import sys
from html.parser import HTMLParser
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

import pytest

ROOT = Path(__file__).parents[2]


def run_module(name: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", name, *arguments],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def build(pages: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build the pages that were assembled in `pages` into `site`."""
    return run_module("mkdocs", "build", "--strict", "-f", pages / "mkdocs.yml", "-d", site)


def require_builder() -> None:
    """Skip the test where what builds the site is not installed; in CI it has to be."""
    if find_spec("mkdocs") is None and not os.environ.get("CI"):
        pytest.skip("the site is built with MkDocs, which is not installed: make setup")


def assemble(folder: Path) -> Path:
    """The folder with all pages and their configuration."""
    done = run_module("website", folder)
    assert done.returncode == 0, done.stderr
    return folder


class Page(HTMLParser):
    """One page of the built site: the targets that it links to, what it loads, and its own anchors."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.file = file
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.anchors: set[str] = set()
        self.feed(file.read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value for name, value in attrs if value is not None}
        self.anchors.update(values[name] for name in ("id", "name") if name in values)
        target = values.get("href") or values.get("src")
        if target is None:
            return
        if tag == "a":
            self.links.append(target)
        elif tag != "link" or values.get("rel") not in ("canonical", "prev", "next", "edit"):
            self.loaded.append(target)

    def resolve(self, target: str) -> tuple[Path, str] | None:
        """The file on the site and the anchor that `target` names; None for a target elsewhere."""
        if urlsplit(target).scheme:
            return None
        path, anchor = urldefrag(target)
        return ((self.file.parent / unquote(path)).resolve() if path else self.file, unquote(anchor))
