"""The report for people: grouped by task, the worst first, each break with the call that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.finding import SEVERITIES
from taskcontract.reporting.escape import flatten, tame
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides, say_assumptions, say_marks, summarise
from taskcontract.reporting.witness import list_witness
from taskcontract.reporting.wrap import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render"]

WIDTH = 100
COLOURS = {"breaking": "1;31", "dangerous": "1;33", "safe": "32", "name": "1", "aside": "2"}


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report as text; `colour` adds a terminal's colours."""
    pen = _Pen(colour)
    lines = [pen.draw("name", name_sides(report))]
    lines += [pen.draw("aside", f"  {line}") for line in _head(report)]
    for task, findings in group_by_task(report.findings):
        lines += ["", pen.draw("name", flatten(task) or f"{flatten(report.new.name)}, as a whole")]
        for index, finding in enumerate(findings):
            lines += [""] if index and finding.severity != "safe" else []
            lines += _show(finding, pen)
    if report.accepted:
        lines += ["", pen.draw("name", "accepted")]
        for finding, acceptance in report.accepted:
            until = f" until {acceptance.expires}" if acceptance.expires else ""
            lines.append(f"  {flatten(finding.task)}@{flatten(finding.version)}  {finding.rule}{until}")
            lines += pen.field("why", flatten(acceptance.reason))
    if report.notes:
        lines += ["", *(f"note: {flatten(note)}" for note in report.notes)]
    worst = next((each for each in SEVERITIES if report.number_of(each)), "safe")
    first, *others = summarise(report)
    lines += ["", pen.draw(worst, first), *others]
    return tame("\n".join(lines) + "\n", coloured=colour)


def _head(report: Report) -> Iterator[str]:
    yield f"old: {flatten(report.old.origin)}"
    yield f"new: {flatten(report.new.origin)}"
    if report.assumptions:
        yield f"taken for granted: {say_assumptions(report)}"


def _show(finding: Finding, pen: _Pen) -> Iterator[str]:
    severity = pen.draw(finding.severity, finding.severity.upper().ljust(9))
    place = pen.draw("aside", f"{flatten(finding.path)}  {finding.fingerprint}")
    yield f"  {severity}  {finding.rule}{say_marks(finding)}  {place}"
    for label, text in list_witness(finding):
        yield f"    {pen.draw('aside', label.ljust(6))}  {text}"
    yield from pen.field("what", flatten(finding.consequence))
    if finding.severity != "safe":
        yield from pen.field("do", flatten(finding.remedy))


class _Pen:
    """Writes with a terminal's colours or without."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def draw(self, style: str, text: str) -> str:
        """Return `text` in a style."""
        return f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if self.colour else text

    def field(self, label: str, text: str) -> Iterator[str]:
        """Yield a sentence behind its label, wrapped beside it."""
        first, *others = wrap(text, WIDTH - 12)
        yield f"    {self.draw('aside', label.ljust(6))}  {first}"
        for line in others:
            yield f"{'':12}{line}"
