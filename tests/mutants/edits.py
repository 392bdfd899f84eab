"""Edits of pusher as colleagues might make them, read from the TOML files beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

__all__ = ["FOLDER", "Edit", "read_edits"]

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Edit:
    """What is changed: for each file, texts that stand there exactly once and what replaces each.

    `said` is what the command that fails must print, so that no edit counts as caught for another reason; a
    harmless edit has none.
    """

    name: str
    files: dict[str, list[tuple[str, str]]]
    said: str

    def apply(self, project: Path) -> None:
        """Make the edit in the copy of the project at `project`."""
        for name, changes in self.files.items():
            file = project / name
            text = file.read_text(encoding="utf-8")
            for old, new in changes:
                if text.count(old) != 1:
                    raise ValueError(
                        f"{self.name} is out of date: {name} holds {old!r} {text.count(old)} times"
                    )
                text = text.replace(old, new)
            file.write_text(text, encoding="utf-8")


def read_edits(kind: str) -> list[Edit]:
    """The edits of a kind: `breaking` or `harmless`."""
    tables = tomllib.loads((FOLDER / f"{kind}.toml").read_text(encoding="utf-8"))
    return [
        Edit(
            name,
            {file: [(old, new) for old, new in changes] for file, changes in table.items() if file != "said"},
            table.get("said", ""),
        )
        for name, table in tables.items()
    ]
