"""What a comparison takes for granted: printed with its findings, never guessed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from time import strftime
from typing import TYPE_CHECKING, Literal, get_args

from taskcontract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.diff.calls.terms import CallStyle
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.finding import Finding, Severity
    from taskcontract.model.service import TaskSpec

__all__ = ["ObjectReading", "Policy"]

ObjectReading = Literal["open", "closed"]
"""Whether a sender may add keys that an object's schema neither names nor forbids."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How the specs are read, and what the project thinks of each rule.

    `call_style` says how callers pass arguments, `call_styles` the same for single tasks (by name or by id,
    `send_to_s3@1.0.0`): a break that needs the other style is dangerous. `objects` says whether
    undeclared keys are sent: with `open`, a change that only they would notice is dangerous, with `closed`
    it is safe. `severities` replaces the severity of a rule's findings. `accepted` are the breaks that may
    stand. `today` is an ISO date, by default the day of the comparison.
    """

    call_style: CallStyle = "both"
    call_styles: Mapping[str, CallStyle] = field(default_factory=dict)
    objects: ObjectReading = "open"
    severities: Mapping[str, Severity] = field(default_factory=dict)
    accepted: tuple[Acceptance, ...] = ()
    today: str = field(default_factory=lambda: strftime("%Y-%m-%d"))

    def __post_init__(self) -> None:
        if self.objects not in get_args(ObjectReading):
            raise ConfigError(f"{self.objects!r} is not a reading of objects", do="Use open or closed.")
        if self.severities:
            from taskcontract.diff.rule_index import check_rule_ids

            check_rule_ids(self.severities)

    def style_of(self, task: TaskSpec) -> CallStyle:
        """How callers pass arguments to `task`."""
        by_name = self.call_styles.get(task.name, self.call_style)
        return self.call_styles.get(task.id, by_name)

    def is_over(self, sunset: str | None) -> bool:
        """Whether the sunset date has passed: on the day itself a version is still served."""
        return sunset is not None and sunset < self.today

    def weigh(self, finding: Finding) -> Finding:
        """Return `finding` with the severity that the project has set for its rule."""
        severity = self.severities.get(finding.rule)
        if severity is None or severity == finding.severity:
            return finding
        if severity == "breaking":
            return replace(finding, severity=severity, bump="major" if finding.version else "none")
        milder = "minor" if finding.bump == "major" else finding.bump
        return replace(finding, severity=severity, bump=milder)
