"""Whether the values of one call land in other parameters of a new signature."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from taskcontract.diff.calls.breaks import find_moves

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.diff.calls.shape import Shape

__all__ = ["find_landing"]


def find_landing(old: Shape, new: Shape, positionals: int, keywords: Iterable[str]) -> str:
    """Return which value of a call that binds under both shapes changes its parameter; "" if none does.

    The call has so many `positionals` and these `keywords`. A parameter that is merely renamed is the same
    one, as for `find_moves`.
    """
    for place, (was, now) in _moves(old, new).items():
        if place < positionals:
            return _say(was, now)
    for keyword in keywords:
        was, now = _slot(old, keyword), _slot(new, keyword)
        if was != now and (keyword in (was, now)):
            return _say(was, now)
    return ""


_moves = lru_cache(maxsize=1_000)(find_moves)


def _slot(shape: Shape, keyword: str) -> str:
    is_named = keyword in shape.positional_or_keyword or keyword in shape.keyword_only
    return keyword if is_named else f"**{shape.var_keyword}[{keyword!r}]"


def _say(was: str, now: str) -> str:
    return f"the value for `{was}` lands in `{now}`"
