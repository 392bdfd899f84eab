"""The report as GitLab's code quality: a list of issues, shown in the merge request beside the lines."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

from taskcontract.model.canonical import dump_canonical
from taskcontract.reporting.escape import flatten
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.check import VersionGap
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render", "render_all"]

SEVERITIES = {"breaking": "critical", "dangerous": "major", "safe": "info"}
CONFIGURATION = ("pyproject.toml", 1)
"""GitLab drops an issue without a file: what has none is a matter of the project as a whole."""


def render(report: Report) -> str:
    """Return the report as one list of issues; an accepted break is none."""
    return render_all([report])


def render_all(reports: Sequence[Report]) -> str:
    """Return the issues of all `reports` as one list."""
    issues: list[Json] = []
    for report in reports:
        issues += [_finding_issue(finding, report) for finding in report.findings]
        issues += [_gap_issue(gap, report) for gap in report.gaps]
        issues += [
            _issue("configuration", note, "minor", _digest(report.new.name, note), CONFIGURATION)
            for note in report.notes
        ]
    return dump_canonical(issues)


def _finding_issue(finding: Finding, report: Report) -> Json:
    parts = [f"{finding.task or finding.service}: {finding.consequence}", finding.remedy]
    parts += [f"{label}: {text}" for label, text in list_witness(finding)]
    severity = SEVERITIES[finding.severity]
    return _issue(finding.rule, " ".join(parts), severity, finding.fingerprint, report.place_of(finding))


def _gap_issue(gap: VersionGap, report: Report) -> Json:
    facts = _digest(gap.service, gap.task, gap.new_version)
    return _issue("version-too-low", str(gap), "critical", facts, report.place_of(gap.because))


def _digest(*facts: str) -> str:
    """Return what tells an issue from all others and stays the same from run to run, as a finding's does."""
    return blake2b("\0".join(facts).encode(), digest_size=8).hexdigest()


def _issue(check: str, text: str, severity: str, fingerprint: str, place: tuple[str, int] | None) -> Json:
    path, line = place or CONFIGURATION
    return {
        "check_name": check,
        "description": flatten(text),
        "severity": severity,
        "fingerprint": fingerprint,
        "location": {"path": path, "lines": {"begin": line}},
    }
