"""What every rule is: an id and what its findings usually are. Its text is its module's docstring."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from taskcontract.model.finding import Finding

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Bump, Direction, Known, Severity, Witness

__all__ = ["FindingPlace", "Rule"]


class FindingPlace(Protocol):
    """Where a finding belongs: every pair that a rule is given says so."""

    @property
    def service(self) -> str:
        """The service's name."""
        ...

    @property
    def task(self) -> str:
        """The task's name."""
        ...

    @property
    def version(self) -> str:
        """The task's version."""
        ...


class Rule:
    """One row of the catalogue of changes; `found` makes its findings.

    `severity` and `bump` are what a finding has unless the rule's check says otherwise, `directions` whom it
    reaches, the gravest first.
    """

    __slots__ = ("bump", "directions", "id", "severity")

    def __init__(self, rule: str, severity: Severity, directions: tuple[Direction, ...], bump: Bump) -> None:
        self.id = rule
        self.severity: Severity = severity
        self.directions: tuple[Direction, ...] = directions
        self.bump: Bump = bump

    def found(
        self,
        place: FindingPlace,
        path: str,
        consequence: str,
        remedy: str,
        *,
        severity: Severity | None = None,
        directions: tuple[Direction, ...] | None = None,
        bump: Bump | None = None,
        known: Known | None = None,
        silent: bool = False,
        witness: Witness | None = None,
        old: Json = None,
        new: Json = None,
    ) -> Finding:
        """Make a finding of this rule at `path` of `place`; what is not given is the rule's default.

        A finding that is graver or milder than usual asks for the bump that goes with its severity. Where
        nobody declared a version there is none to bump.
        """
        if severity is None:
            severity = self.severity
        if bump is None:
            bump = (
                self.bump if severity == self.severity else ("major" if severity == "breaking" else "minor")
            )
        if not place.version:
            bump = "none"
        return Finding(
            rule=self.id,
            service=place.service,
            task=place.task,
            version=place.version,
            path=path,
            severity=severity,
            directions=directions or self.directions,
            known=known or ("witnessed" if witness is not None else "proved"),
            bump=bump,
            consequence=consequence,
            remedy=remedy,
            silent=silent,
            witness=witness,
            old=old,
            new=new,
        )
