"""Which modules of a project can make tasks, and by which names; its own makers are found step by step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.prefilter import used_words, uses
from taskcontract.extract.static.wrappers import MAKERS, offers_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from taskcontract.extract.static.index import Index

__all__ = ["find_makers"]

FEW = 20
"""Names that are looked for one by one: for more, the words of each file are collected once."""


def find_makers(
    index: Index, texts: Mapping[str, bytes], chosen: Collection[str]
) -> tuple[frozenset[str], set[str]]:
    """Return the names of all makers of tasks, and the files that use one; `chosen` use Celery's own."""
    users = _Users(texts, chosen)
    makers = set(MAKERS)
    offers: dict[str, set[str]] = {}  # what would make tasks too, by the name that it uses
    latest = set(chosen)
    while latest:
        for path in latest:
            if (module := index.open(path)) is not None:
                for offer in offers_in(module):
                    for used in offer.uses:
                        offers.setdefault(used, set()).add(offer.name)
        new = _spread(makers, offers)
        makers |= new
        latest = users.take(new) if new else set()
    return frozenset(makers), users.looked


def _spread(makers: Iterable[str], offers: Mapping[str, set[str]]) -> set[str]:
    """Return the names that `makers` make makers, and those that these do; without `makers`."""
    known = set(makers)
    new: set[str] = set()
    waiting = list(known)
    while waiting:
        added = offers.get(waiting.pop(), set()) - known
        known |= added
        new |= added
        waiting += added
    return new


class _Users:
    """The files that use a maker; those that are not among them yet are asked for each new name."""

    def __init__(self, texts: Mapping[str, bytes], looked: Iterable[str]) -> None:
        self.looked = set(looked)
        self._texts = {path: text for path, text in texts.items() if path not in self.looked}
        self._words: dict[str, frozenset[bytes]] | None = None

    def take(self, names: Collection[str]) -> set[str]:
        """Return the further files that use one of `names`; they are not returned again."""
        spelled = [name.encode() for name in names]
        if len(spelled) <= FEW:
            pattern = uses(names)
            found = {
                path
                for path, text in self._texts.items()
                if any(each in text for each in spelled) and pattern.search(text)
            }
        else:
            if self._words is None:
                self._words = {path: used_words(text) for path, text in self._texts.items()}
            found = {path for path in self._texts if not self._words[path].isdisjoint(spelled)}
        for path in found:
            del self._texts[path]
        self.looked |= found
        return found
