"""A SourceTree of texts that a test writes down, and how such texts become files."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Texts:
    """The files of a project by their paths."""

    texts: Mapping[str, str | bytes]
    origin: str = "project"

    def files(self) -> Mapping[str, str]:
        return dict.fromkeys(self.texts, "")

    def read(self, path: str) -> bytes:
        text = self.texts[path]
        return text if isinstance(text, bytes) else dedent(text).encode()

    def write(self, folder: Path) -> None:
        for path in self.texts:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(self.read(path))
