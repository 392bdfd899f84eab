"""The report as JSON, and several of them; their schemas are `schemas/diff.json` and `schemas/check.json`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.canonical import dump_canonical
from taskcontract.model.finding import SEVERITIES
from taskcontract.reporting.unresolved import compare_unresolved
from taskcontract.reporting.witness import show_call, show_message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.check import VersionGap
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.canonical import Json
    from taskcontract.model.finding import Finding, Sender, Senders, Traffic, Witness
    from taskcontract.reporting.report import Report, Side

__all__ = ["FORMAT", "render", "render_all"]

FORMAT = 1
"""The number of the report's form; it grows when a reader of the last one could stumble."""


def render(report: Report) -> str:
    """Return the report as canonical JSON."""
    return dump_canonical(_report_json(report))


def render_all(reports: Sequence[Report]) -> str:
    """Return one report as itself, and several as a document that lists them."""
    if len(reports) == 1:
        return render(reports[0])
    listed: list[Json] = [_report_json(report) for report in reports]
    return dump_canonical({"taskcontract_reports": FORMAT, "reports": listed})


def _report_json(report: Report) -> dict[str, Json]:
    return {
        "taskcontract_report": FORMAT,
        "old": _side_json(report.old),
        "new": _side_json(report.new),
        "assumptions": dict(report.assumptions),
        "findings": [_finding_json(finding, report) for finding in report.findings],
        "accepted": [
            _finding_json(finding, report) | {"acceptance": _acceptance_json(acceptance)}
            for finding, acceptance in report.accepted
        ],
        "version_gaps": [_gap_json(gap) for gap in report.gaps],
        "notes": list(report.notes),
        "unresolved": [row._asdict() for row in compare_unresolved(report.old, report.new)],
        "summary": {
            **{severity: report.number_of(severity) for severity in SEVERITIES},
            **(_bumps_json(report) if report.is_versioned else {}),
            "order": report.order,
            "failed": report.failed,
        },
    }


def _bumps_json(report: Report) -> dict[str, Json]:
    return {
        "required_bump": report.required_bump,
        "declared_bump": report.declared_bump,
        "bump_suffices": report.bump_suffices,
    }


def _known(key: str, version: str) -> dict[str, Json]:
    """Return the member `key`; none where nobody declared a version."""
    return {key: version} if version else {}


def _place_json(place: tuple[str, int] | None) -> Json:
    return None if place is None else {"file": place[0], "line": place[1]}


def _side_json(side: Side) -> Json:
    return {"name": side.name, **_known("version", side.version), "origin": side.origin}


def _finding_json(finding: Finding, report: Report) -> dict[str, Json]:
    old_place, new_place = report.places_of(finding)
    versioned = bool(finding.version)
    return {
        "rule": finding.rule,
        "service": finding.service,
        "task": finding.task,
        **_known("version", finding.version),
        "path": finding.path,
        "severity": finding.severity,
        "directions": list(finding.directions),
        "known": finding.known,
        **({"bump": finding.bump} if versioned else {}),
        "silent": finding.silent,
        "consequence": finding.consequence,
        "remedy": finding.remedy,
        "witness": _witness_json(finding, finding.witness) if finding.witness else None,
        "old": finding.old,
        "new": finding.new,
        **({"senders": _senders_json(finding.senders)} if finding.senders is not None else {}),
        **({"traffic": _traffic_json(finding.traffic)} if finding.traffic is not None else {}),
        "fingerprint": finding.fingerprint,
        "place": _place_json(report.place_of(finding)),
        "old_place": _place_json(old_place),
        "new_place": _place_json(new_place),
    }


def _senders_json(senders: Senders) -> Json:
    return {
        "broken": [_sender_json(each) | {"why": each.why} for each in senders.broken],
        "unknown": [_sender_json(each) for each in senders.unknown],
        "working": senders.working,
    }


def _traffic_json(traffic: Traffic) -> Json:
    return {
        "hit": list(traffic.hit),
        "may_hit": list(traffic.may),
        "consumers": traffic.consumers,
        "calls": traffic.calls,
        "counted_seconds": traffic.counted,
        "days": traffic.days,
        "is_quiet": traffic.is_quiet,
    }


def _sender_json(sender: Sender) -> dict[str, Json]:
    return {"file": sender.place.file, "line": sender.place.line, "call": sender.call}


def _witness_json(finding: Finding, witness: Witness) -> Json:
    if witness.is_value:
        return {"value": witness.value}
    data: dict[str, Json] = {
        "task": witness.wire_name,
        "args": list(witness.args),
        "kwargs": dict(witness.kwargs or {}),
        "call": show_call(finding),
        "message": show_message(finding),
        "refusal": witness.refusal or None,
    }
    if witness.old_binding is not None and witness.new_binding is not None:
        data["old_binding"] = dict(witness.old_binding)
        data["new_binding"] = dict(witness.new_binding)
    return data


def _gap_json(gap: VersionGap) -> Json:
    return {
        "service": gap.service,
        "task": gap.task,
        "old_version": gap.old_version,
        "new_version": gap.new_version,
        "declared": gap.declared,
        "required": gap.required,
        "because": gap.because.fingerprint,
    }


def _acceptance_json(acceptance: Acceptance) -> Json:
    expires = acceptance.expires.isoformat() if acceptance.expires else None
    return {"reason": acceptance.reason, "expires": expires}
