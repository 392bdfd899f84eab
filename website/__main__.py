"""`python -m website FOLDER` writes the site's pages and their configuration into FOLDER."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped,unused-ignore]

from website.commands import write_commands
from website.links import ROOT_PAGES, redirect_links
from website.python import write_python
from website.rules import list_rule_pages, write_rule_nav
from website.settings import write_settings

ROOT = Path(__file__).parents[1]


def assemble(folder: Path) -> None:
    """Write all pages into `folder`/pages, and `folder`/mkdocs.yml; what was there before goes."""
    shutil.rmtree(folder, ignore_errors=True)
    for path, text in _collect_pages().items():
        file = folder / "pages" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(redirect_links(text, path, ROOT), encoding="utf-8")
    shutil.copytree(ROOT / "website/assets", folder / "pages/assets")
    (folder / "mkdocs.yml").write_text(
        yaml.safe_dump(_make_configuration(), sort_keys=False), encoding="utf-8"
    )


def _collect_pages() -> dict[str, str]:
    """The text of each page by its path on the site."""
    docs = ROOT / "docs"
    pages = {file.relative_to(docs).as_posix(): file.read_text("utf-8") for file in docs.rglob("*.md")}
    pages |= {page: (ROOT / source).read_text("utf-8") for source, page in ROOT_PAGES.items()}
    pages["reference/commands.md"] = write_commands()
    pages["reference/configuration.md"] = write_settings()
    pages["reference/python.md"] = write_python()
    return pages | list_rule_pages()


def _make_configuration() -> dict[str, Any]:
    """website/mkdocs.yml, with the rules' pages in its navigation; docstrings are read from this checkout."""
    configuration: dict[str, Any] = yaml.safe_load((ROOT / "website/mkdocs.yml").read_text("utf-8"))
    for entry in configuration["nav"]:
        if "Rules" in entry:
            entry["Rules"] = [entry["Rules"], *write_rule_nav()]
    for plugin in configuration["plugins"]:
        if "mkdocstrings" in plugin:
            plugin["mkdocstrings"]["handlers"]["python"]["paths"] = [str(ROOT)]
    return configuration


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
