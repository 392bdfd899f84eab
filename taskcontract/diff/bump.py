"""What follows from findings: the version bump that they need and the order to deploy in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from taskcontract.model.finding import BUMPS
from taskcontract.model.version import release_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from taskcontract.model.finding import Bump, Finding

__all__ = [
    "ORDERS",
    "DeployOrder",
    "find_declared_bump",
    "find_deploy_order",
    "find_required_bump",
    "suffices",
]

DeployOrder: TypeAlias = Literal["any", "workers-first", "callers-first", "new-major"]

ORDERS: dict[DeployOrder, str] = {
    "any": "workers and callers in any order",
    "workers-first": "workers first, then callers",
    "callers-first": "callers first, then workers",
    "new-major": "no order is safe: publish a new major version beside the old one, served by an upcaster",
}
"""Each order in words."""


def find_required_bump(findings: Iterable[Finding]) -> Bump:
    """The largest bump that one of `findings` asks for."""
    wanted = {finding.bump for finding in findings}
    for bump in BUMPS:
        if bump in wanted:
            return bump
    return "none"


def find_declared_bump(old: str, new: str) -> Bump:
    """What two versions say about the change between them; none if `new` is not the newer one.

    Raises DeclarationError for what is not MAJOR.MINOR.PATCH.
    """
    before, after = release_of(old), release_of(new)
    if after <= before:
        return "none"
    for bump, left, right in zip(BUMPS, before, after, strict=False):
        if left != right:
            return bump
    return "none"


def suffices(declared: Bump, required: Bump) -> bool:
    """Whether a declared bump is at least as large as the required one."""
    return BUMPS.index(declared) <= BUMPS.index(required)


def find_deploy_order(findings: Collection[Finding]) -> DeployOrder:
    """The order in which nobody is broken by `findings`, as far as there is one.

    Breaks of old callers leave none. Breaks of readers ask for callers first, what old workers refuse
    asks for workers first; both together leave none.
    """
    breaking = {way for finding in findings if finding.severity == "breaking" for way in finding.directions}
    callers_first = "result" in breaking
    workers_first = any("forward" in finding.directions for finding in findings)
    if breaking & {"backward", "canvas"} or (callers_first and workers_first):
        return "new-major"
    if callers_first:
        return "callers-first"
    return "workers-first" if workers_first else "any"
