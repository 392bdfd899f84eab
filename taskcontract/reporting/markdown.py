"""The report for a pull request: a summary to read at a glance, the details below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.escape import tame
from taskcontract.reporting.markdown_text import code_span, escape_text, fence_for, sentence
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides, say_assumptions, say_marks, say_places, summarise
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render"]


def render(report: Report) -> str:
    """Return the report as GitHub-flavoured markdown; foreign text is shown, never read as markup."""
    lines = [f"### {escape_text(name_sides(report))}", ""]
    lines += [f"- {escape_text(line)}" for line in summarise(report)]
    grave = tuple(finding for finding in report.findings if finding.severity != "safe")
    safe = tuple(finding for finding in report.findings if finding.severity == "safe")
    for task, findings in group_by_task(grave):
        lines += ["", f"#### {code_span(task) if task else 'The service as a whole'}"]
        if where := say_places(report, findings[0]):
            lines += ["", code_span(where)]
        for finding in findings:
            lines += ["", *_show(finding)]
    if safe:
        lines += ["", f"<details><summary>{len(safe)} safe</summary>", ""]
        lines += [f"- {_place(finding)}: {sentence(finding.consequence)}" for finding in safe]
        lines += ["", "</details>"]
    if report.accepted:
        lines += ["", f"<details><summary>{len(report.accepted)} accepted</summary>", ""]
        lines += [f"- {_place(finding)}: {escape_text(each.reason)}" for finding, each in report.accepted]
        lines += ["", "</details>"]
    lines += [f"\n> {escape_text(note)}" for note in report.notes]
    if report.assumptions:
        lines += ["", f"<sub>Taken for granted: {escape_text(say_assumptions(report))}.</sub>"]
    return tame("\n".join(lines) + "\n")


def _show(finding: Finding) -> list[str]:
    lines = [
        f"**{finding.severity}**{say_marks(finding)} {code_span(finding.rule)} at {code_span(finding.path)}"
    ]
    witness = list_witness(finding, whole=True)
    if witness:
        width = max(len(label) for label, _ in witness)
        shown = [f"{label.ljust(width)}  {text}" for label, text in witness]
        fence = fence_for("\n".join(shown))
        lines += ["", f"{fence}text", *shown, fence]
    return [*lines, "", f"{sentence(finding.consequence)} *{sentence(finding.remedy)}*"]


def _place(finding: Finding) -> str:
    where = finding.task_id or finding.service
    return f"{code_span(finding.rule)} {code_span(where)} {code_span(finding.path)}"
