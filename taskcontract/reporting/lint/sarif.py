"""What was found, as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from taskcontract.lint.rule_index import describe_lint_rule
from taskcontract.model.canonical import dump_canonical
from taskcontract.reporting.escape import flatten
from taskcontract.reporting.sarif import LEVELS, SCHEMA, write_rule

if TYPE_CHECKING:
    from taskcontract.lint.problem import Problem
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.canonical import Json
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["render"]


def render(report: LintReport) -> str:
    """Return the report as one SARIF run; an accepted problem is a suppressed result."""
    from importlib.metadata import version

    found: list[tuple[Problem, Acceptance | None]] = [(problem, None) for problem in report.problems]
    found += report.accepted
    rules = sorted({problem.rule for problem, _ in found})
    driver = {
        "name": "taskcontract",
        "semanticVersion": version("taskcontract"),
        "rules": [write_rule(describe_lint_rule(rule)) for rule in rules],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_write_result(problem, acceptance, rules) for problem, acceptance in found],
    }
    if report.notes:
        said: list[Json] = [{"level": "warning", "message": {"text": flatten(note)}} for note in report.notes]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": said}]
    return dump_canonical({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _write_result(problem: Problem, acceptance: Acceptance | None, rules: list[str]) -> dict[str, Json]:
    result: dict[str, Json] = {
        "ruleId": problem.rule,
        "ruleIndex": rules.index(problem.rule),
        "level": LEVELS[problem.severity],
        "message": {"text": f"{flatten(problem.what)}\n{flatten(problem.remedy)}"},
        "locations": [
            {
                "logicalLocations": [{"fullyQualifiedName": problem.task}],
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(problem.place.file)},
                    "region": {"startLine": problem.place.line},
                },
            }
        ],
        "partialFingerprints": {"taskcontract/v1": problem.fingerprint},
    }
    if acceptance is not None:
        result["suppressions"] = [{"kind": "external", "justification": acceptance.reason}]
    return result
