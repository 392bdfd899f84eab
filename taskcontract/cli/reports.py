"""The options of commands that compare, and the report that they write."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from taskcontract.cli.output import write_output
from taskcontract.model.keys import CALL_STYLES, FAIL_ON
from taskcontract.reporting.formats import FORMATS, render

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from taskcontract.reporting.report import Report

__all__ = ["add_report_options", "write_report"]


def add_report_options(parser: ArgumentParser) -> None:
    """`--format`, `--output`, `--fail-on` and `--call-style`."""
    parser.add_argument("--format", choices=FORMATS, default="text", help="the report's form (default: text)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the report to FILE instead of stdout")
    parser.add_argument(
        "--fail-on", choices=FAIL_ON, help="the least severity that makes the exit code 1 (default: breaking)"
    )
    parser.add_argument(
        "--call-style",
        choices=CALL_STYLES,
        help="how callers pass arguments; what only the other style would break is dangerous (default: both)",
    )


def write_report(report: Report, arguments: Namespace) -> int:
    """Write `report` as the options say; the exit code that follows from it."""
    colour = False
    if arguments.format == "text" and arguments.output is None:
        from taskcontract.reporting.colour import wants_colour

        colour = wants_colour(sys.stdout, os.environ)
    write_output(render(report, arguments.format, colour=colour), arguments.output)
    return 1 if any(map(report.fails, report.findings)) else 0
