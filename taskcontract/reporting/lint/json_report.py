"""What was found, as JSON; its schema is `../schemas/lint.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.reporting.documents import write_document

if TYPE_CHECKING:
    from taskcontract.lint.problem import Problem
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.place import Place
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["render"]


def render(report: LintReport) -> str:
    """Return the document of `lint`."""
    return write_document(
        "lint",
        {
            "source": report.origin,
            "tasks": report.tasks,
            "calls": report.calls,
            "problems": [_write_problem(each) for each in report.problems],
            "accepted": [_write_accepted(*pair) for pair in report.accepted],
            "unresolved": [
                {"place": _write_place(each.place), "what": each.what} for each in report.unresolved
            ],
            "notes": list(report.notes),
            "failed": report.failed,
        },
    )


def _write_problem(problem: Problem) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": problem.severity,
        "task": problem.task,
        "place": _write_place(problem.place),
        "subject": problem.subject,
        "what": problem.what,
        "remedy": problem.remedy,
        "fingerprint": problem.fingerprint,
    }


def _write_place(place: Place) -> dict[str, Any]:
    return {"file": place.file, "line": place.line}


def _write_accepted(problem: Problem, acceptance: Acceptance) -> dict[str, Any]:
    expires = acceptance.expires.isoformat() if acceptance.expires else None
    return _write_problem(problem) | {"acceptance": {"reason": acceptance.reason, "expires": expires}}
