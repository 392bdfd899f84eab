"""The sentences that sum a comparison up, the same in every format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.bump import ORDERS
from taskcontract.model.finding import SEVERITIES
from taskcontract.reporting.escape import flatten

if TYPE_CHECKING:
    from taskcontract.model.finding import Finding
    from taskcontract.reporting.report import Report

__all__ = [
    "count_findings",
    "name_sides",
    "say_assumptions",
    "say_bump",
    "say_marks",
    "say_places",
    "summarise",
]


def name_sides(report: Report) -> str:
    """Return `pusher 1.0.0 -> 2.0.0`, or `weblate main -> HEAD` where nobody declared a version."""
    old, new = report.old, report.new
    other = "" if old.name == new.name else f"{flatten(new.name)} "
    was, now = (flatten(side.version or side.origin) for side in (old, new))
    return f"{flatten(old.name)} {was} -> {other}{now}"


def summarise(report: Report) -> list[str]:
    """Return the counts, the version bump and the order to deploy in, a line each."""
    if not report.findings and not report.accepted:
        return ["Nothing changed that a caller could notice."]
    gaps = [f"version: {flatten(str(gap))}" for gap in report.gaps]
    return [
        count_findings(report),
        *(gaps or ([f"version: {say_bump(report)}"] if report.is_versioned else [])),
        f"deploy: {ORDERS[report.order]}",
    ]


def count_findings(report: Report) -> str:
    """Return `1 breaking, 2 dangerous, 3 safe`, and how many are accepted."""
    counts = [
        f"{report.number_of(severity)} {severity}" for severity in SEVERITIES if report.number_of(severity)
    ]
    if report.accepted:
        counts.append(f"{len(report.accepted)} accepted")
    return ", ".join(counts)


def say_marks(finding: Finding) -> str:
    """Return ` (silent)`: what a reader must know of a finding beside its severity; empty for most."""
    marks = ["silent"] * finding.silent + ["undecided"] * (finding.known == "undecided")
    return f" ({', '.join(marks)})" if marks else ""


def say_places(report: Report, finding: Finding) -> str:
    """Return `old/tasks.py:12 -> new/tasks.py:30`, where a task stands that has no version; else nothing.

    A task with a version is found by that, in its spec or its bindings.
    """
    if finding.version:
        return ""
    places = [f"{flatten(place[0])}:{place[1]}" for place in report.places_of(finding) if place is not None]
    return " -> ".join(dict.fromkeys(places))


def say_assumptions(report: Report) -> str:
    """Return `call style both, objects open`."""
    return ", ".join(f"{name} {value}" for name, value in report.assumptions.items())


def say_bump(report: Report) -> str:
    """Return what the version number has to say, and whether it does."""
    needed = "needs no bump" if report.required_bump == "none" else f"needs a {report.required_bump} bump"
    declared = "none" if report.declared_bump == "none" else f"a {report.declared_bump} one"
    versions = f"{flatten(report.old.version)} -> {flatten(report.new.version)}"
    return f"{needed}; {versions} is {declared}{'' if report.bump_suffices else ': too small'}"
