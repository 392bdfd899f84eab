"""How pytest names contract files and their interactions: the same wherever the file lies."""

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
    """Return the id of a file: its path relative to pytest's root folder, with `/`, even if outside of it."""
    return tame_line(os.path.relpath(file, root).replace(os.sep, "/"))


def spell_name(text: str) -> str:
    """Foreign text as a part of an id: in one line, with nothing that a terminal or a runner obeys."""
    return tame_line(" ".join(re.sub(":{2,}", ":", text).split()))


def name_interactions(descriptions: Iterable[str], consumer: str, file: Path) -> Iterator[str]:
    """Yield each description as an item's name, made unique; `::` would split its id.

    The consumer's name goes first if the file's name does not contain it.
    """
    lead = "" if consumer in file.name else f"{consumer}: "
    seen: Counter[str] = Counter()
    for description in descriptions:
        name = spell_name(lead + description)
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} #{seen[name]}"
