"""The options of commands that compare, and the report that they write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from taskcontract.cli.command import option
from taskcontract.cli.options import format_option
from taskcontract.cli.output import show_page, write_output
from taskcontract.diff.budget import STEPS, STEPS_A_TASK
from taskcontract.model.keys import CALL_STYLES, FAIL_ON
from taskcontract.reporting.formats import FORMATS, render_all

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from taskcontract.reporting.report import Report

__all__ = ["fail_on_option", "report_options", "write_reports"]

MOST_DIGITS = 15


class _Steps(click.ParamType):  # type: ignore[type-arg, unused-ignore] # generic from click 8.4 on
    """A number of steps, whose digits may be grouped: 10_000 or 10,000."""

    name = "steps"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the number of steps; anything but a whole number from 1 is refused."""
        digits = str(value).replace("_", "").replace(",", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS and int(digits)):
            self.fail(f"{value!r} is not a number of steps: write a whole number from 1", param, ctx)
        return int(digits)


def report_options(function: Any) -> Any:
    """Add `--format`, `--output`, `--call-style` and `--budget`."""
    output = option("-o", "--output", metavar="FILE", help="write the report to FILE instead of stdout")
    style = option(
        "--call-style",
        type=click.Choice(CALL_STYLES),
        help="how callers pass arguments; what only the other style would break is dangerous (default: both)",
    )
    budget = option(
        "--budget",
        type=_Steps(),
        metavar="STEPS",
        help="what all proofs together may take; what is left then is undecided "
        f"(default: {STEPS:,}, and {STEPS_A_TASK:,} for each task that changed)",
    )
    return format_option(*FORMATS)(output(style(budget(function))))


def fail_on_option() -> Callable[[Any], Any]:
    """`--fail-on`."""
    return option(
        "--fail-on",
        type=click.Choice(FAIL_ON),
        help="the least severity that makes the exit code 1 (default: breaking)",
    )


def write_reports(reports: Sequence[Report], form: str, output: str | None) -> int:
    """Write `reports` one after the other in the format `form`; 1 if one of them failed, else 0."""
    if form == "text" and output in (None, "-"):
        from taskcontract.reporting.page import line
        from taskcontract.reporting.text import lay_out

        pages = [[*([line("")] if number else []), *lay_out(each)] for number, each in enumerate(reports)]
        show_page(block for page in pages for block in page)
    else:
        write_output(render_all(reports, form), output)
    return 1 if any(report.failed for report in reports) else 0
