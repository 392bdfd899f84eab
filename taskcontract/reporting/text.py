"""The report for people: grouped by task, the worst first, each break with the call that shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.finding import SEVERITIES
from taskcontract.reporting.page import Block, Field, Style, line, write_plain
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides, say_assumptions, say_marks, say_places, summarise
from taskcontract.reporting.unresolved import compare_unresolved
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["lay_out", "render"]


def render(report: Report, *, colour: bool = False) -> str:
    """Return the report as text; `colour` adds a terminal's colours."""
    return write_plain(lay_out(report), colour=colour)


def lay_out(report: Report) -> Iterator[Block]:
    """Yield the blocks of the report."""
    yield line((name_sides(report), "name"))
    yield line((f"  old: {report.old.origin}", "aside"))
    yield line((f"  new: {report.new.origin}", "aside"))
    if report.assumptions:
        yield line((f"  taken for granted: {say_assumptions(report)}", "aside"))
    for task, findings in group_by_task(report.findings):
        yield line("")
        where = say_places(report, findings[0])
        yield line(
            (task or f"{report.new.name}, as a whole", "name"), (f"  {where}" if where else "", "aside")
        )
        for index, finding in enumerate(findings):
            if index and finding.severity != "safe":
                yield line("")
            yield from _show(finding)
    if report.accepted:
        yield line("")
        yield line(("accepted", "name"))
        for finding, acceptance in report.accepted:
            until = f" until {acceptance.expires}" if acceptance.expires else ""
            yield line(f"  {finding.task_id}  {finding.rule}{until}")
            yield Field("why", acceptance.reason)
    if report.notes:
        yield line("")
        for note in report.notes:
            yield line(f"note: {note}")
    yield from _list_unresolved(report)
    found: list[Style] = [each for each in SEVERITIES if report.number_of(each)]
    worst = found[0] if found else "safe"
    first, *others = summarise(report)
    yield line("")
    yield line((first, worst))
    for each in others:
        yield line(each)


def _list_unresolved(report: Report) -> Iterator[Block]:
    unknown = compare_unresolved(report.old, report.new)
    for row in unknown:
        side = "" if row.side == "both" else f" ({row.side} side)"
        yield line("  ", (f"{row.file}:{row.line}", "aside"), f"  {row.what}{side}")


def _show(finding: Finding) -> Iterator[Block]:
    severity = finding.severity.upper().ljust(9)
    place = f"{finding.path}  {finding.fingerprint}"
    marks = f"{finding.rule}{say_marks(finding)}"
    yield line("  ", (severity, finding.severity), f"  {marks}  ", (place, "aside"))
    for label, text in list_witness(finding):
        yield line("    ", (label.ljust(6), "aside"), f"  {text}", whole=True)
    yield Field("what", finding.consequence)
    if finding.severity != "safe":
        yield Field("do", finding.remedy)
