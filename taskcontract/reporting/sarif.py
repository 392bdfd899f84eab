"""The report as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.rule_index import describe_rule
from taskcontract.model.canonical import dump_canonical
from taskcontract.reporting.escape import flatten
from taskcontract.reporting.witness import list_witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.check import VersionGap
    from taskcontract.diff.rule_index import RuleInfo
    from taskcontract.lint.rule_index import LintRuleInfo
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = ["LEVELS", "SCHEMA", "render", "render_all", "write_rule"]

LEVELS = {"breaking": "error", "dangerous": "warning", "safe": "note"}
SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def render(report: Report) -> str:
    """Return the report as one SARIF run; an accepted break is a suppressed result."""
    return render_all([report])


def render_all(reports: Sequence[Report]) -> str:
    """Return each of `reports` as a run of one document."""
    runs: list[Json] = [_run_json(report) for report in reports]
    return dump_canonical({"$schema": SCHEMA, "version": "2.1.0", "runs": runs})


def _run_json(report: Report) -> dict[str, Json]:
    from importlib.metadata import version

    found: list[tuple[Finding, Acceptance | None]] = [(finding, None) for finding in report.findings]
    found += report.accepted
    rules = sorted({finding.rule for finding, _ in found})
    driver = {
        "name": "taskcontract",
        "semanticVersion": version("taskcontract"),
        "rules": [write_rule(describe_rule(rule)) for rule in rules],
    }
    results = [_result_json(finding, acceptance, rules, report) for finding, acceptance in found]
    results += [_gap_json(gap, report) for gap in report.gaps]
    run: dict[str, Json] = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    if report.notes:
        said: list[Json] = [{"level": "warning", "message": {"text": flatten(note)}} for note in report.notes]
        run["invocations"] = [{"executionSuccessful": True, "toolExecutionNotifications": said}]
    return run


def write_rule(info: RuleInfo | LintRuleInfo) -> Json:
    """Return a rule as SARIF has it, whichever command it belongs to."""
    return {
        "id": info.id,
        "shortDescription": {"text": info.summary},
        "fullDescription": {"text": info.summary},
        "help": {"text": info.text, "markdown": info.text},
        "defaultConfiguration": {"level": LEVELS[info.severity]},
    }


def _result_json(
    finding: Finding, acceptance: Acceptance | None, rules: list[str], report: Report
) -> dict[str, Json]:
    message = [flatten(finding.consequence), flatten(finding.remedy)]
    message += [f"{label}: {text}" for label, text in list_witness(finding, whole=True)]
    result: dict[str, Json] = {
        "ruleId": finding.rule,
        "ruleIndex": rules.index(finding.rule),
        "level": LEVELS[finding.severity],
        "message": {"text": "\n".join(message)},
        "locations": [_location_json(finding, report)],
        "partialFingerprints": {"taskcontract/v1": finding.fingerprint},
    }
    old, new = report.places_of(finding)
    if old is not None and new is not None and old != new:
        before = {
            "physicalLocation": _physical_json(old),
            "message": {"text": "where it was declared before"},
        }
        result["relatedLocations"] = [before]
    if acceptance is not None:
        result["suppressions"] = [{"kind": "external", "justification": acceptance.reason}]
    return result


def _gap_json(gap: VersionGap, report: Report) -> dict[str, Json]:
    return {
        "ruleId": "version-too-low",
        "level": "error",
        "message": {"text": flatten(str(gap))},
        "locations": [_location_json(gap.because, report)],
        "partialFingerprints": {"taskcontract/v1": f"{gap.service}/{gap.task}/{gap.new_version}"},
    }


def _location_json(finding: Finding, report: Report) -> Json:
    names = [part for part in (finding.service, finding.task_id, finding.path) if part]
    location: dict[str, Json] = {"logicalLocations": [{"fullyQualifiedName": "/".join(names)}]}
    place = report.place_of(finding)
    if place is not None:
        location["physicalLocation"] = _physical_json(place)
    return location


def _physical_json(place: tuple[str, int]) -> Json:
    from urllib.parse import quote

    return {"artifactLocation": {"uri": quote(place[0])}, "region": {"startLine": place[1]}}
