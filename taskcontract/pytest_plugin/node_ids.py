"""How contract files and their interactions are called by pytest: alike wherever the file lies."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING

from taskcontract.reporting.escape import tame_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["name_interactions", "spell_file", "spell_name"]


def spell_file(file: Path, root: Path) -> str:
    """The id of a file: the way to it from pytest's root folder, with `/`, also where it leads out of it."""
    return tame_line(os.path.relpath(file, root).replace(os.sep, "/"))


def spell_name(text: str) -> str:
    """Foreign text as a part of an id: in one line, with nothing that a terminal or a runner obeys."""
    return tame_line(" ".join(re.sub(":{2,}", ":", text).split()))


def name_interactions(descriptions: Iterable[str], consumer: str, file: Path) -> Iterator[str]:
    """Each description as an item's name, made unique; `::` would split its id.

    The consumer goes before it where the file's name does not tell it.
    """
    lead = "" if consumer in file.name else f"{consumer}: "
    seen: Counter[str] = Counter()
    for description in descriptions:
        name = spell_name(lead + description)
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} #{seen[name]}"
