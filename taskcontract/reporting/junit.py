"""The report as JUnit XML: one test case per finding, failed where it makes the exit code 1."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from taskcontract.reporting.escape import escape_controls, flatten
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render", "render_all"]


def render(report: Report) -> str:
    """Return the report as one test suite; a comparison without findings is one case that passed."""
    return render_all([report])


def render_all(reports: Sequence[Report]) -> str:
    """Return each of `reports` as a test suite of one document."""
    suites = [_suite(report) for report in reports]
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="taskcontract" {_spell_counts(map(_count, reports))}>',
            *(line for suite in suites for line in suite),
            "</testsuites>",
            "",
        ]
    )


def _count(report: Report) -> tuple[int, int, int]:
    """How many tests a report is, how many of them failed, and how many are skipped."""
    tests = max(1, len(report.findings) + len(report.accepted) + len(report.gaps))
    failures = sum(map(report.fails, report.findings)) + len(report.gaps)
    return tests, failures, len(report.accepted)


def _spell_counts(counts: Iterable[tuple[int, int, int]]) -> str:
    tests, failures, skipped = map(sum, zip(*counts, strict=True))
    return f'tests="{tests}" failures="{failures}" errors="0" skipped="{skipped}"'


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
            f"      <skipped message={_attribute(acceptance.reason)}/>",
            "    </testcase>",
        ]
    for gap in report.gaps:
        about = f"{gap.service}.{gap.task}" if gap.task else gap.service
        cases += [
            f'    <testcase classname={_attribute(about)} name="version">',
            f'      <failure type="version" message={_attribute(str(gap))}/>',
            "    </testcase>",
        ]
    if not cases:
        cases = ['    <testcase classname="taskcontract" name="nothing changed"/>']
    return [
        f"  <testsuite name={_attribute(name_sides(report))} {_spell_counts([_count(report)])}>",
        *cases,
        *_say_notes(report),
        "  </testsuite>",
    ]


def _say_notes(report: Report) -> list[str]:
    notes = escape(escape_controls("\n".join(f"note: {flatten(note)}" for note in report.notes)))
    return [f"    <system-out>{notes}</system-out>"] if notes else []


def _case(finding: Finding, *, failed: bool) -> list[str]:
    details = [f"{label}: {text}" for label, text in list_witness(finding, whole=True)]
    details += [flatten(finding.consequence), flatten(finding.remedy)]
    text = escape(escape_controls("\n".join(details)))
    if failed:
        message = _attribute(finding.consequence)
        body = f'      <failure type="{finding.severity}" message={message}>{text}</failure>'
    else:
        body = f"      <system-out>{text}</system-out>"
    return [_open(finding), body, "    </testcase>"]


def _open(finding: Finding) -> str:
    where = finding.task_id or finding.service
    if finding.task and finding.version:  # else the registered name, which says whose it is
        where = f"{finding.service}.{where}"
    name = f"{finding.rule} {finding.path}"
    return f"    <testcase classname={_attribute(where)} name={_attribute(name)}>"


def _attribute(text: str) -> str:
    return quoteattr(flatten(text))
