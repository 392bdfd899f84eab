"""The contract files of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

__all__ = ["PATTERN", "find_contract_files"]

PATTERN = "*--*.json"
"""Contract files are called CONSUMER--PROVIDER.json; other JSON beside them is not ours to judge."""


def find_contract_files(folders: Iterable[Path]) -> list[Path]:
    """Every contract file in `folders` and below, sorted; a ConfigError where a folder is not there.

    One that was forgotten or misspelled would read as nobody's expecting anything.
    """
    found: set[Path] = set()  # one folder may lie in another
    for folder in folders:
        if not folder.is_dir():
            raise ConfigError(
                f"there are no contracts: no folder {folder}",
                do="Create it, or name the folders in [tool.taskcontract]: contracts = [...]",
            )
        found.update(folder.rglob(PATTERN))
    return sorted(found)
