"""The report for a pull request: a summary to read at a glance, the details below it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from taskcontract.reporting.escape import flatten, tame
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides, say_assumptions, say_marks, summarise
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["render"]

SIGNS = str.maketrans(
    {sign: f"\\{sign}" for sign in "\\`*_[]~|"}
    | {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", "#": "&#35;"}
)


def render(report: Report) -> str:
    """Return the report as GitHub-flavoured markdown; foreign text is shown, never read as markup."""
    lines = [f"### {_text(name_sides(report))}", ""]
    lines += [f"- {_text(line)}" for line in summarise(report)]
    grave = tuple(finding for finding in report.findings if finding.severity != "safe")
    safe = tuple(finding for finding in report.findings if finding.severity == "safe")
    for task, findings in group_by_task(grave):
        lines += ["", f"#### {_code(task) if task else 'The service as a whole'}"]
        for finding in findings:
            lines += ["", *_show(finding)]
    if safe:
        lines += ["", f"<details><summary>{len(safe)} safe</summary>", ""]
        lines += [f"- {_place(finding)}: {_sentence(finding.consequence)}" for finding in safe]
        lines += ["", "</details>"]
    if report.accepted:
        lines += ["", f"<details><summary>{len(report.accepted)} accepted</summary>", ""]
        lines += [f"- {_place(finding)}: {_text(each.reason)}" for finding, each in report.accepted]
        lines += ["", "</details>"]
    lines += [f"\n> {_text(note)}" for note in report.notes]
    if report.assumptions:
        lines += ["", f"<sub>Taken for granted: {_text(say_assumptions(report))}.</sub>"]
    return tame("\n".join(lines) + "\n")


def _show(finding: Finding) -> list[str]:
    lines = [f"**{finding.severity}**{say_marks(finding)} {_code(finding.rule)} at {_code(finding.path)}"]
    witness = list_witness(finding, whole=True)
    if witness:
        width = max(len(label) for label, _ in witness)
        shown = [f"{label.ljust(width)}  {text}" for label, text in witness]
        fence = "`" * max(3, _longest_run("\n".join(shown)) + 1)
        lines += ["", f"{fence}text", *shown, fence]
    return [*lines, "", f"{_sentence(finding.consequence)} *{_sentence(finding.remedy)}*"]


def _place(finding: Finding) -> str:
    where = f"{finding.task}@{finding.version}" if finding.task else finding.service
    return f"{_code(finding.rule)} {_code(where)} {_code(finding.path)}"


def _sentence(text: str) -> str:
    """Return one of our sentences, whose names are in backticks; with unpaired ones it is plain text."""
    parts = text.split("`")
    if len(parts) % 2 == 0 or "``" in text:
        return _text(text)
    return "".join(_code(part) if index % 2 else _text(part) for index, part in enumerate(parts))


def _code(text: str) -> str:
    """Return `text` as a code span that nothing in it can end."""
    text = flatten(text)
    fence = "`" * (_longest_run(text) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") or not text else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _text(text: str) -> str:
    """Return `text` with everything escaped that markdown, HTML or GitHub (@name, #1) would interpret."""
    return flatten(text).translate(SIGNS)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)
