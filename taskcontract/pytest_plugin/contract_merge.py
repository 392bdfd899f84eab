"""A contract file and what a session recorded: what becomes of the one by the other, as data."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from taskcontract.errors import ContractError
from taskcontract.model.contract import Contract

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskcontract.model.contract import Interaction

__all__ = ["Merge", "merge", "refuse_two_meanings", "says_the_same"]


@dataclass(frozen=True, slots=True)
class Merge:
    """The `contract` as it is to be written; how many interactions are new in it, and how many have gone."""

    contract: Contract
    new: int
    changed: int
    kept: int
    removed: int

    def __str__(self) -> str:
        total = len(self.contract.interactions)
        parts = [
            f"{number} {word}"
            for word in ("new", "changed", "kept", "removed")
            if (number := getattr(self, word))
        ]
        return f"{total} interaction{'' if total == 1 else 's'}: {', '.join(parts)}"


def merge(old: Contract, recorded: Iterable[Interaction], *, is_outdated: Callable[[str], bool]) -> Merge:
    """Return `old` with the `recorded` interactions.

    An old interaction stays unless a recorded one has its description, or `is_outdated` says of the
    test that recorded it that it has run again or is gone. One that names no test always stays. Of
    several tests that record the same, the first by name stands in the file, whichever of them ran.
    """
    before = {each.description: each for each in old.interactions}
    after = {name: each for name, each in before.items() if not each.test or not is_outdated(each.test)}
    for each in recorded:
        twin = after.get(each.description)
        if twin is None or not twin.test:
            after[each.description] = each
        elif not says_the_same(twin, each):
            raise refuse_two_meanings((old.consumer, old.provider), twin, each, is_gone=True)
        elif each.test < twin.test:
            after[each.description] = each
    ordered = tuple(after[name] for name in sorted(after))
    shared = [(before[each.description], each) for each in ordered if each.description in before]
    changed = sum(not says_the_same(*pair) for pair in shared)
    return Merge(
        Contract(old.consumer, old.provider, ordered),
        new=len(ordered) - len(shared),
        changed=changed,
        kept=len(shared) - changed,
        removed=len(before) - len(shared),
    )


def says_the_same(one: Interaction, other: Interaction) -> bool:
    """Return whether two interactions differ in nothing but the test that recorded them."""
    return replace(one, test="") == replace(other, test="")


def refuse_two_meanings(
    pair: tuple[str, str], one: Interaction, other: Interaction, *, is_gone: bool = False
) -> ContractError:
    """Return the error to raise where two tests mean two things by one description; `one` may be gone."""
    differing = [
        field.name
        for field in fields(one)
        if field.name != "test" and getattr(one, field.name) != getattr(other, field.name)
    ]
    who = one.test if one.test == other.test else f"{one.test} and by {other.test}"
    return ContractError(
        f"two different interactions of {pair[0]} with {pair[1]} are both called {one.description!r}, "
        f"by {who}: they differ in {', '.join(differing)}",
        do=(f"If {one.test} is gone, run all of its file. " if is_gone else "")
        + 'Rename a test, or name the interaction: .upon("another item is backed up"). '
        "What differs from run to run, as an id does, is given to called_with(...) as a matcher.",
    )
