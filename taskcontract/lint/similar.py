"""Which task may be meant by a name that none has."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["say_similar"]


def say_similar(name: str, known: Iterable[str]) -> str:
    """Return `, perhaps 'shop.tasks.send'`, of the same last name or spelt alike; or nothing."""
    from difflib import get_close_matches

    last = name.rpartition(".")[2]
    names = sorted(known)
    near = [each for each in names if each.rpartition(".")[2] == last] or get_close_matches(name, names, n=1)
    return f", perhaps {near[0]!r}" if near else ""
