"""A baseline: what an earlier report found, which later ones take as known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.cli.command import option
from taskcontract.model.acceptance import Acceptance

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.reading import Node

__all__ = ["baseline_option", "read_baseline"]


def baseline_option() -> Callable[[Any], Any]:
    """`--baseline`."""
    return option(
        "--baseline",
        metavar="FILE",
        help="a report that --format json wrote: its findings are known, and make no exit code 1",
    )


def read_baseline(file: str | None) -> tuple[Acceptance, ...]:
    """Return an acceptance for each finding of the report in `file`; none where it is None.

    A SpecError says what is wrong with a file that does not hold a report.
    """
    if file is None:
        return ()
    from taskcontract.model.files import read_json_file
    from taskcontract.model.reading import Node

    top = Node(read_json_file(file), file=file)
    reports = list(top["reports"].items()) if top.get("reports") else [top]
    reason = f"known from {file}"
    return tuple(
        Acceptance(reason, fingerprint=finding["fingerprint"].text())
        for report in reports
        for finding in _findings(report)
    )


def _findings(report: Node) -> list[Node]:
    if report.get("taskcontract_lint") is not None:
        return [*report["problems"].items(), *report["accepted"].items()]
    if report.get("taskcontract_report") is None:
        report.fail(
            "this is no report of findings", "Write one: `taskcontract diff OLD NEW --format json -o FILE`."
        )
    return [*report["findings"].items(), *report["accepted"].items()]
