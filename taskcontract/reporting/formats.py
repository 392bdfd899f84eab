"""The formats that a report can be written in, each from its own file, imported when asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.reporting.report import Report

__all__ = ["FORMATS", "render", "render_all"]

FORMATS = {
    "text": "taskcontract.reporting.text",
    "json": "taskcontract.reporting.json_report",
    "markdown": "taskcontract.reporting.markdown",
    "github": "taskcontract.reporting.github",
    "sarif": "taskcontract.reporting.sarif",
    "junit": "taskcontract.reporting.junit",
    "gitlab": "taskcontract.reporting.gitlab",
}


def render(report: Report, name: str, *, colour: bool = False) -> str:
    """Return `report` in the format `name`; `colour` is for text alone."""
    module = import_module(FORMATS[name])
    text: str = module.render(report, colour=colour) if name == "text" else module.render(report)
    return text


def render_all(reports: Sequence[Report], name: str) -> str:
    """Return `reports` in the format `name`: in one document for machines, one after the other for people."""
    module = import_module(FORMATS[name])
    if hasattr(module, "render_all"):
        text: str = module.render_all(reports)
        return text
    return "\n".join(render(report, name) for report in reports)
