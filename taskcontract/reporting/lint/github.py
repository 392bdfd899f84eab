"""What was found, as GitHub annotations: one workflow command for each problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.github import escape, escape_property

if TYPE_CHECKING:
    from taskcontract.lint.problem import Problem
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["render"]


def render(report: LintReport) -> str:
    """Return a line `::error file=...,line=...,title=...::message` for each problem, and for each note."""
    lines = [_annotate(problem, report) for problem in report.problems]
    lines += [f"::warning title=taskcontract::{escape(note)}" for note in report.notes]
    return "".join(f"{each}\n" for each in lines)


def _annotate(problem: Problem, report: LintReport) -> str:
    properties = {
        "file": problem.place.file,
        "line": str(problem.place.line),
        "title": f"{problem.rule}: {problem.task}",
    }
    written = ",".join(f"{name}={escape_property(value)}" for name, value in properties.items())
    level = "error" if report.fails(problem) else "warning"
    return f"::{level} {written}::{escape(f'{problem.what}{chr(10)}{problem.remedy}')}"
