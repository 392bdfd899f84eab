"""The report as GitLab's code quality: a list of issues, shown in the merge request beside the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.canonical import dump_canonical
from taskcontract.reporting.code_quality import SEVERITIES, make_digest, write_issue
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.check import VersionGap
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render", "render_all"]


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
            write_issue("configuration", note, "minor", make_digest(report.new.name, note))
            for note in report.notes
        ]
    return dump_canonical(issues)


def _finding_issue(finding: Finding, report: Report) -> Json:
    parts = [f"{finding.task or finding.service}: {finding.consequence}", finding.remedy]
    parts += [f"{label}: {text}" for label, text in list_witness(finding)]
    severity = SEVERITIES[finding.severity]
    return write_issue(finding.rule, " ".join(parts), severity, finding.fingerprint, report.place_of(finding))


def _gap_issue(gap: VersionGap, report: Report) -> Json:
    facts = make_digest(gap.service, gap.task, gap.new_version)
    return write_issue("version-too-low", str(gap), "critical", facts, report.place_of(gap.because))
