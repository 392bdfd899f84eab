"""The same seed makes the same calls, whatever else a process has loaded."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["drawing_nothing_from_modules"]


@contextmanager
def drawing_nothing_from_modules() -> Iterator[None]:
    """Let Hypothesis draw none of the constants that it finds in the code of the modules that are loaded.

    Those of pytest-xdist's processes are not those of a run of one test alone: the same seed would draw other
    values. Hypothesis has no setting for it; one that finds no constants is left as it is.
    """
    theirs = _find_providers()
    name = "_get_local_constants"
    find, cache = getattr(theirs, name, None), getattr(theirs, "CONSTANTS_CACHE", None)
    if find is None or cache is None:
        yield
        return
    nothing = type(find())()
    cache.cache.clear()
    setattr(theirs, name, lambda: nothing)
    try:
        yield
    finally:
        setattr(theirs, name, find)
        cache.cache.clear()


def _find_providers() -> Any:
    """Return Hypothesis's module that draws values; None for a release without, which finds no constants."""
    try:
        from hypothesis.internal.conjecture import providers
    except ImportError:
        return None
    return providers
