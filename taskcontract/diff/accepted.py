"""Breaks that the project has reviewed and accepted, separated from those that are still open."""

from __future__ import annotations

from time import strftime
from typing import TYPE_CHECKING, Generic, NamedTuple, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.model.acceptance import Acceptance

__all__ = ["Acceptances", "apply_acceptances"]


class Acceptable(Protocol):
    """What can be accepted: a finding of a comparison, or a problem of a project."""

    @property
    def rule(self) -> str:
        """The id of its rule."""
        ...

    @property
    def service(self) -> str:
        """The service that it is of."""
        ...

    @property
    def task(self) -> str:
        """The task that it is about; empty where that is the whole service."""
        ...

    @property
    def task_id(self) -> str:
        """The task with its version, where it has one."""
        ...

    @property
    def fingerprint(self) -> str:
        """Its own name."""
        ...


Found = TypeVar("Found", bound=Acceptable)


class Acceptances(NamedTuple, Generic[Found]):
    """`open` are the findings that no entry accepts, `accepted` those with the entry that holds for them.

    `expired` entries hold no longer: what they accepted is open again. `unused` ones match nothing.
    """

    open: tuple[Found, ...]
    accepted: tuple[tuple[Found, Acceptance], ...]
    expired: tuple[Acceptance, ...]
    unused: tuple[Acceptance, ...]


def apply_acceptances(
    findings: Iterable[Found], entries: Sequence[Acceptance], *, today: str | None = None
) -> Acceptances[Found]:
    """Sort `findings` by whether one of `entries` accepts them on the day `today`, an ISO date."""
    day = today or strftime("%Y-%m-%d")
    expired = tuple(entry for entry in entries if entry.expires and entry.expires.isoformat() < day)
    holding = [entry for entry in entries if entry not in expired]
    still_open: list[Found] = []
    accepted: list[tuple[Found, Acceptance]] = []
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


def _accepts(entry: Acceptance, finding: Acceptable) -> bool:
    """Whether `entry` names `finding`, by its fingerprint or by its rule and its task or version of it.

    What concerns the service as a whole goes by the service's name.
    """
    if entry.fingerprint is not None:
        return entry.fingerprint == finding.fingerprint
    tasks = (finding.task or finding.service, finding.task_id)
    return entry.rule == finding.rule and entry.task in tasks
