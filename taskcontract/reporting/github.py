"""The report as GitHub annotations: workflow commands, one line per finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.escape import escape_controls, flatten
from taskcontract.reporting.report import group_by_task
from taskcontract.reporting.summary import name_sides, summarise
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["escape", "escape_property", "render"]


def render(report: Report) -> str:
    """Return the report as `::error file=...,line=...,title=...::message` lines and a summary."""
    lines = [
        _annotate(finding, report) for _, findings in group_by_task(report.findings) for finding in findings
    ]
    lines += [f"::error title=taskcontract::{escape(str(gap))}" for gap in report.gaps]
    lines += [f"::warning title=taskcontract::{escape(note)}" for note in report.notes]
    summary = "\n".join([name_sides(report), *summarise(report)])
    return "\n".join([*lines, f"::notice title=taskcontract::{escape(summary)}"]) + "\n"


def _annotate(finding: Finding, report: Report) -> str:
    where = finding.task_id or finding.service
    properties = {"title": f"{finding.rule}: {where} {finding.path}"}
    place = report.place_of(finding)
    if place is not None:
        properties = {"file": place[0], "line": str(place[1])} | properties
    written = ",".join(f"{name}={escape_property(value)}" for name, value in properties.items())
    message = [f"{label}: {text}" for label, text in list_witness(finding)]
    message += [flatten(finding.consequence), flatten(finding.remedy)]
    level = "error" if report.fails(finding) else "notice" if finding.severity == "safe" else "warning"
    return f"::{level} {written}::{escape(chr(10).join(message))}"


def escape(text: str) -> str:
    """Return `text` as a command's message: a percent sign and the ends of lines are data."""
    return escape_controls(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def escape_property(text: str) -> str:
    """Return `text` as a property of a command, on one line."""
    return escape(flatten(text)).replace(":", "%3A").replace(",", "%2C")
