"""What was found, for people: by file, each problem with what happens and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.finding import SEVERITIES
from taskcontract.reporting.page import Block, Field, Style, line, pluralise, write_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.reporting.lint.report import LintReport

__all__ = ["lay_out", "render"]


def render(report: LintReport) -> str:
    """Return the report as text."""
    return write_plain(lay_out(report))


def lay_out(report: LintReport) -> Iterator[Block]:
    """Yield the blocks of the report."""
    for problem in report.problems:
        severity = problem.severity.upper().ljust(9)
        yield line((str(problem.place), "name"))
        yield line("  ", (severity, problem.severity), f"  {problem.rule}  ", (problem.fingerprint, "aside"))
        yield Field("what", problem.what)
        yield Field("do", problem.remedy)
        yield line("")
    for problem, acceptance in report.accepted:
        yield line(f"accepted: {problem.place}  {problem.rule}: {acceptance.reason}")
    for note in report.notes:
        yield line(f"note: {note}")
    looked = f"{pluralise(report.tasks, 'task')} and {pluralise(report.calls, 'use')} of them"
    if report.unresolved:
        looked += f"; {pluralise(len(report.unresolved), 'place')} not known (--format json lists them)"
    found: list[Style] = [each for each in SEVERITIES if each in {one.severity for one in report.problems}]
    worst = found[0] if found else "safe"
    yield line((f"{pluralise(len(report.problems), 'problem')} in {report.origin}", worst), f": {looked}")
