"""An accepted break: a finding that a project has reviewed, with a reason and perhaps a last day."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Acceptance"]


class Acceptance(NamedTuple):
    """One entry of `accept`: a finding's `fingerprint`, or a `rule` and its `task`; and the `reason`.

    After the day `expires` it holds no longer.
    """

    reason: str
    fingerprint: str | None = None
    rule: str | None = None
    task: str | None = None
    expires: date | None = None
