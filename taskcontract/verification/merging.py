"""Bringing a contract file up to date with what a test session recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.contract import Contract, Interaction

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["merge_contract"]


def merge_contract(
    old: Contract, recorded: Iterable[Interaction], *, is_outdated: Callable[[str], bool]
) -> Contract:
    """`old` with the `recorded` interactions.

    An old interaction stays unless a recorded one has its description, or `is_outdated` says of the
    test that recorded it that it has run again or is gone. One that names no test always stays.
    """
    kept = (each for each in old.interactions if not each.test or not is_outdated(each.test))
    interactions = {each.description: each for each in kept}
    interactions.update((each.description, each) for each in recorded)
    ordered = sorted(interactions.values(), key=lambda each: each.description)
    return Contract(old.consumer, old.provider, tuple(ordered))
