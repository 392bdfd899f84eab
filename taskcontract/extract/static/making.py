"""Which modules of a project can make tasks, and by which names; its own makers are found step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.prefilter import uses
from taskcontract.extract.static.wrappers import MAKERS, makers_in

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from taskcontract.extract.static.index import Index

__all__ = ["find_makers"]


def find_makers(
    index: Index, texts: Mapping[str, bytes], chosen: Collection[str]
) -> tuple[frozenset[str], set[str]]:
    """Return the names of all makers of tasks, and the files that use one; `chosen` use Celery's own."""
    makers = set(MAKERS)
    looked = set(chosen)
    while True:
        modules = [module for path in looked if (module := index.open(path)) is not None]
        new = {name for module in modules for name in makers_in(module, makers)}
        if not new:
            return frozenset(makers), looked
        makers |= new
        letters = [name.encode() for name in new]
        pattern = uses(new)
        looked.update(
            path
            for path, text in texts.items()
            if path not in looked and any(each in text for each in letters) and pattern.search(text)
        )
