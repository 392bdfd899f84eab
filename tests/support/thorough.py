"""How much of a large space a test tries: a sample in every run, all of it in `make test-thorough`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["THOROUGH", "examples", "partners"]

T = TypeVar("T")

THOROUGH = os.environ.get("THOROUGH", "") not in ("", "0")
EVERY = 9
FEWER = 4


def partners(one: T, others: Iterable[T]) -> list[T]:
    """What `one` of `others` is compared with: itself, its neighbours, and each ninth; all, when thorough.

    Where the ninths begin differs from one to the next, so that all together meet each other's kind.
    """
    every = list(others)
    if THOROUGH:
        return every
    at = every.index(one)
    return [each for number, each in enumerate(every) if abs(number - at) <= 1 or (number + at) % EVERY == 0]


def examples(number: int) -> int:
    """How many examples Hypothesis draws of the `number` that a thorough run does."""
    return number if THOROUGH else max(10, number // FEWER)
