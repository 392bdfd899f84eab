"""The report as JUnit XML: one test case per finding, failed where it makes the exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.escape import flatten
from taskcontract.reporting.junit_xml import (
    open_case,
    quote,
    say_notes,
    spell_counts,
    write_body,
    write_suites,
)
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render", "render_all"]


def render(report: Report) -> str:
    """Return the report as one test suite; a comparison without findings is one case that passed."""
    return render_all([report])


def render_all(reports: Sequence[Report]) -> str:
    """Return each of `reports` as a test suite of one document."""
    return write_suites(map(_suite, reports), map(_count, reports))


def _count(report: Report) -> tuple[int, int, int]:
    """How many tests a report is, how many of them failed, and how many are skipped."""
    tests = max(1, len(report.findings) + len(report.accepted) + len(report.gaps))
    failures = sum(map(report.fails, report.findings)) + len(report.gaps)
    return tests, failures, len(report.accepted)


def _suite(report: Report) -> list[str]:
    cases = [
        line
        for _, findings in group_by_task(report.findings)
        for finding in findings
        for line in _case(finding, failed=report.fails(finding))
    ]
    for finding, acceptance in report.accepted:
        cases += [
            _open(finding),
            f"      <skipped message={quote(acceptance.reason)}/>",
            "    </testcase>",
        ]
    for gap in report.gaps:
        about = f"{gap.service}.{gap.task}" if gap.task else gap.service
        cases += [
            open_case(about, "version"),
            f'      <failure type="version" message={quote(str(gap))}/>',
            "    </testcase>",
        ]
    if not cases:
        cases = ['    <testcase classname="taskcontract" name="nothing changed"/>']
    return [
        f"  <testsuite name={quote(name_sides(report))} {spell_counts([_count(report)])}>",
        *cases,
        *say_notes(report.notes),
        "  </testsuite>",
    ]


def _case(finding: Finding, *, failed: bool) -> list[str]:
    details = [f"{label}: {text}" for label, text in list_witness(finding, whole=True)]
    details += [flatten(finding.consequence), flatten(finding.remedy)]
    failure = (finding.severity, finding.consequence) if failed else None
    return [_open(finding), write_body("\n".join(details), failure), "    </testcase>"]


def _open(finding: Finding) -> str:
    where = finding.task_id or finding.service
    if finding.task and finding.version:  # else the registered name, which says whose it is
        where = f"{finding.service}.{where}"
    return open_case(where, f"{finding.rule} {finding.path}")
