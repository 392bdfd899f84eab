"""What was found, as JUnit XML: one test case for each problem, failed where it makes the exit code 1."""

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

if TYPE_CHECKING:
    from taskcontract.lint.problem import Problem
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["render"]


def render(report: LintReport) -> str:
    """Return the report as one test suite; a project without a problem is one case that passed."""
    cases: list[str] = []
    for problem in report.problems:
        text = "\n".join(map(flatten, (str(problem.place), problem.what, problem.remedy)))
        failure = (problem.severity, problem.what) if report.fails(problem) else None
        cases += [_open(problem), write_body(text, failure), "    </testcase>"]
    for problem, acceptance in report.accepted:
        cases += [
            _open(problem),
            f"      <skipped message={quote(acceptance.reason)}/>",
            "    </testcase>",
        ]
    failures = sum(map(report.fails, report.problems))
    counts = (max(1, len(report.problems) + len(report.accepted)), failures, len(report.accepted))
    suite = [
        f"  <testsuite name={quote(f'lint {report.origin}')} {spell_counts([counts])}>",
        *(cases or ['    <testcase classname="taskcontract" name="no problem"/>']),
        *say_notes(report.notes),
        "  </testsuite>",
    ]
    return write_suites([suite], [counts])


def _open(problem: Problem) -> str:
    return open_case(problem.task, f"{problem.rule} {problem.place}")
