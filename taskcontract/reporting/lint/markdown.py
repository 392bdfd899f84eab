"""What was found, for a pull request: how much, then each file's problems with what to do."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from taskcontract.reporting.escape import tame
from taskcontract.reporting.markdown_text import code_span, escape_text, sentence
from taskcontract.reporting.page import pluralise

if TYPE_CHECKING:
    from taskcontract.lint.problem import Problem
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["render"]


def render(report: LintReport) -> str:
    """Return the report as GitHub-flavoured markdown; foreign text is shown, never read as markup."""
    looked = f"{pluralise(report.tasks, 'task')} and {pluralise(report.calls, 'use')} of them"
    lines = [
        f"### {pluralise(len(report.problems), 'problem')} in {escape_text(report.origin)}",
        "",
        f"{looked}.",
    ]
    for file, problems in groupby(report.problems, key=lambda each: each.place.file):
        lines += ["", f"#### {code_span(file)}", ""]
        lines += [_show(problem) for problem in problems]
    if report.accepted:
        lines += ["", f"<details><summary>{len(report.accepted)} accepted</summary>", ""]
        lines += [
            f"- {code_span(each.rule)} at {code_span(str(each.place))}: {escape_text(acceptance.reason)}"
            for each, acceptance in report.accepted
        ]
        lines += ["", "</details>"]
    if report.unresolved:
        known = f"{pluralise(len(report.unresolved), 'place')} not known without running code"
        lines += ["", f"<details><summary>{known}</summary>", ""]
        lines += [f"- {code_span(str(each.place))}: {escape_text(each.what)}" for each in report.unresolved]
        lines += ["", "</details>"]
    lines += [f"\n> {escape_text(note)}" for note in report.notes]
    return tame("\n".join(lines) + "\n")


def _show(problem: Problem) -> str:
    return (
        f"- line {problem.place.line}: **{problem.severity}** {code_span(problem.rule)} "
        f"({code_span(problem.task)}): {sentence(problem.what)} *{sentence(problem.remedy)}*"
    )
