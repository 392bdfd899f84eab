"""Links of the repository's documents, as they lead on the site."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

ROOT_PAGES = {
    "README.md": "index.md",
    "SECURITY.md": "security.md",
    "ARCHITECTURE.md": "architecture.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
}
"""The documents in the repository's root that are pages, and where."""

_FILES = {page: source for source, page in ROOT_PAGES.items()}
_LINK = re.compile(r"(?<!!)\[(?P<text>[^\[\]]+)\]\((?P<target>[^)#\s:]+)(?P<anchor>#[^)\s]*)?\)")


def redirect_links(markdown: str, page: str, root: Path) -> str:
    """The text of `page` with links to other documents as links to their pages.

    What is in the repository `root` and has no page (a folder, a program) leaves its text. What is not
    there stays as it is: the build says that it is dead.
    """

    def redirect(link: re.Match[str]) -> str:
        source = _FILES.get(page, f"docs/{page}")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link["target"]))
        led = ROOT_PAGES.get(target) or (target.removeprefix("docs/") if target.startswith("docs/") else None)
        if led is not None:
            way = posixpath.relpath(led, posixpath.dirname(page) or ".")
            return f"[{link['text']}]({way}{link['anchor'] or ''})"
        return link["text"] if (root / target).exists() else link[0]

    return _LINK.sub(redirect, markdown)
