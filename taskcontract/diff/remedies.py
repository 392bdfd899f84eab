"""What to do where a change cannot be undone: a version of its own, or a name where there are no versions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.diff.rule import FindingPlace

__all__ = ["or_new_version"]


def or_new_version(place: FindingPlace, keep: str, how: str = "", *, plain: str = "") -> str:
    """Return the remedy "`keep`, or publish a new major version `how`", in words that fit the project.

    A task that nobody gave a version has none to publish: what is new gets a name of its own, and the old
    name stays until its messages are gone. `plain` is what may be done besides, in such a project.
    """
    if place.version:
        return f"{keep}, or publish a new major version{f' {how}' if how else ''}."
    besides = f", {plain}" if plain else ""
    beside = "give the new form a name of its own and drop the old one once its queue is drained"
    return f"{keep}{besides}, or {beside}."
