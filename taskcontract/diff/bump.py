"""What follows from findings: the version bump that they need and the order to deploy in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from taskcontract.model.finding import BUMPS
from taskcontract.model.version import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.finding import Bump, Direction, Finding, Severity

__all__ = [
    "FIRST",
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
    "callers-first": "callers first, then workers; or serve the old way beside the new one",
    "new-major": "no order is safe: serve the old way beside the new one until no caller uses it",
}
"""Each order in words."""

FIRST: dict[tuple[Severity, Direction], tuple[Literal["workers", "callers"], ...]] = {
    # New callers send what old workers refuse.
    ("breaking", "forward"): ("workers",),
    ("dangerous", "forward"): ("workers",),
    ("safe", "forward"): ("workers",),
    # New workers answer what old readers do not expect.
    ("breaking", "result"): ("callers",),
    ("dangerous", "result"): ("callers",),
    # New workers refuse old messages. Updating the callers first leaves those in queues and retries.
    ("breaking", "backward"): ("callers", "workers"),
    ("breaking", "canvas"): ("callers", "workers"),
}
"""Whom a finding asks to deploy first, by its severity and whom it reaches; both: no order is safe.

What is not listed asks for no order: what may break old callers breaks them in either order.
"""


def find_required_bump(findings: Iterable[Finding]) -> Bump:
    """Return the largest bump that one of `findings` asks for."""
    wanted = {finding.bump for finding in findings}
    for bump in BUMPS:
        if bump in wanted:
            return bump
    return "none"


def find_declared_bump(old: str, new: str) -> Bump:
    """Return the bump that two versions declare; "none" if `new` is not the newer one, or one of them is "".

    Raises DeclarationError for what is not MAJOR.MINOR.PATCH.
    """
    if not (old and new):
        return "none"
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


def find_deploy_order(findings: Iterable[Finding]) -> DeployOrder:
    """Return whether callers or workers are deployed first, so that none of `findings` does harm.

    Where one asks for the callers first and one for the workers, there is none.
    """
    first = {
        side
        for finding in findings
        for way in finding.directions
        for side in FIRST.get((finding.severity, way), ())
    }
    if len(first) > 1:
        return "new-major"
    return "workers-first" if "workers" in first else "callers-first" if first else "any"
