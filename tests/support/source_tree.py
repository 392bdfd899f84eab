"""A project's files in memory, as a static reader takes them."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class MemoryTree:
    """Files by their paths; their texts may be indented as the test is."""

    def __init__(self, texts: Mapping[str, str], origin: str = "project") -> None:
        self.origin = origin
        self._texts = {path: dedent(text).encode() for path, text in texts.items()}

    def files(self) -> Mapping[str, str]:
        return dict.fromkeys(self._texts, "")

    def read(self, path: str) -> bytes:
        return self._texts[path]
