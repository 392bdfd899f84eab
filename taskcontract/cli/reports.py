"""The options of commands that compare, and the report that they write."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentTypeError
from typing import TYPE_CHECKING

from taskcontract.cli.output import write_output
from taskcontract.diff.budget import STEPS, STEPS_A_TASK
from taskcontract.errors import ConfigError
from taskcontract.model.keys import CALL_STYLES, FAIL_ON
from taskcontract.reporting.formats import FORMATS, render

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace

    from taskcontract.reporting.report import Report

__all__ = ["add_report_options", "write_reports"]

MOST_DIGITS = 15


def add_report_options(parser: ArgumentParser, *, fail_on: bool = True) -> None:
    """`--format`, `--output`, `--call-style`, `--budget` and, unless it makes no sense, `--fail-on`."""
    parser.add_argument("--format", choices=FORMATS, default="text", help="the report's form (default: text)")
    parser.add_argument("-o", "--output", metavar="FILE", help="write the report to FILE instead of stdout")
    parser.add_argument(
        "--call-style",
        choices=CALL_STYLES,
        help="how callers pass arguments; what only the other style would break is dangerous (default: both)",
    )
    parser.add_argument(
        "--budget",
        type=_count_steps,
        metavar="STEPS",
        help="what all proofs together may take; what is left then is undecided "
        f"(default: {STEPS:,}, and {STEPS_A_TASK:,} for each task that changed)",
    )
    parser.set_defaults(fail_on=None)
    if fail_on:
        parser.add_argument(
            "--fail-on",
            choices=FAIL_ON,
            help="the least severity that makes the exit code 1 (default: breaking)",
        )


def _count_steps(text: str) -> int:
    digits = text.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MOST_DIGITS and int(digits)):
        raise ArgumentTypeError(f"{text!r} is not a number of steps: write a whole number from 1")
    return int(digits)


def write_reports(reports: list[Report], arguments: Namespace) -> int:
    """Write `reports` one after the other as the options say; 1 if one of them failed, else 0."""
    colour = False
    if arguments.format == "text" and arguments.output is None:
        from taskcontract.reporting.colour import wants_colour

        colour = wants_colour(sys.stdout, os.environ)
    if len(reports) > 1 and arguments.format in ("json", "sarif", "junit"):
        raise ConfigError(
            f"a {arguments.format} report is about one service, and these are {len(reports)}",
            do="Run the command once for each module.",
        )
    texts = [render(report, arguments.format, colour=colour) for report in reports]
    write_output("\n".join(texts), arguments.output)
    return 1 if any(report.failed for report in reports) else 0
