"""Breaks that the project has reviewed and accepted, separated from those that are still open."""

from __future__ import annotations

from time import strftime
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.finding import Finding

__all__ = ["Acceptances", "apply_acceptances"]


class Acceptances(NamedTuple):
    """`open` are the findings that no entry accepts, `accepted` those with the entry that holds for them.

    `expired` entries hold no longer: what they accepted is open again. `unused` ones match nothing.
    """

    open: tuple[Finding, ...]
    accepted: tuple[tuple[Finding, Acceptance], ...]
    expired: tuple[Acceptance, ...]
    unused: tuple[Acceptance, ...]


def apply_acceptances(
    findings: Iterable[Finding], entries: Sequence[Acceptance], *, today: str | None = None
) -> Acceptances:
    """Sort `findings` by whether one of `entries` accepts them on the day `today`, an ISO date."""
    day = today or strftime("%Y-%m-%d")
    expired = tuple(entry for entry in entries if entry.expires and entry.expires.isoformat() < day)
    holding = [entry for entry in entries if entry not in expired]
    still_open: list[Finding] = []
    accepted: list[tuple[Finding, Acceptance]] = []
    used: list[Acceptance] = []
    for finding in findings:
        matching = [entry for entry in holding if _accepts(entry, finding)]
        used += matching
        if matching:
            accepted.append((finding, matching[0]))
        else:
            still_open.append(finding)
    unused = tuple(entry for entry in holding if entry not in used)
    return Acceptances(tuple(still_open), tuple(accepted), expired, unused)


def _accepts(entry: Acceptance, finding: Finding) -> bool:
    """Whether `entry` names `finding`, by its fingerprint or by its rule and its task or version of it.

    What concerns the service as a whole goes by the service's name.
    """
    if entry.fingerprint is not None:
        return entry.fingerprint == finding.fingerprint
    tasks = (finding.task or finding.service, finding.task_id)
    return entry.rule == finding.rule and entry.task in tasks
