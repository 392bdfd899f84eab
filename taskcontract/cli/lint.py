"""`taskcontract lint`: what is wrong today in a project's own use of its tasks."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskcontract.cli.baseline import baseline_option, read_baseline
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.reporting.lint.report import FORMATS

if TYPE_CHECKING:
    from taskcontract.extract.sources.folder import FolderTree
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.config import Config
    from taskcontract.model.place import Place
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["run"]

EPILOG = """\
SOURCE is a folder; nothing in it is imported or run.

examples:
  taskcontract lint
  taskcontract lint src --format github
  taskcontract lint --format sarif -o lint.sarif
  taskcontract lint --format json -o known.json; taskcontract lint --baseline known.json

A problem is accepted in pyproject.toml: [[tool.taskcontract.accept]] with a reason, and its fingerprint or
its rule and task.

exit codes: 0 nothing at or above --fail-on, 1 problems, 2 the source could not be read.
`taskcontract explain RULE` tells more of a problem.
"""


@command("lint", "Find calls that do not fit their tasks, and options that nothing reads.", epilog=EPILOG)
@argument("source", metavar="SOURCE", required=False, help="the project (default: the working folder)")
@format_option(*FORMATS)
@option("-o", "--output", metavar="FILE", help="write the report to FILE instead of stdout")
@option(
    "--fail-on",
    type=click.Choice(("breaking", "dangerous", "never")),
    default="dangerous",
    help="the least severity that makes the exit code 1 (default: dangerous)",
)
@baseline_option()
def run(source: str | None, form: str, output: str | None, fail_on: str, baseline: str | None) -> int:
    """Read the project and write the report; 1 where a problem is as grave as --fail-on, else 0."""
    config = read_project_config()

    from taskcontract.reporting.lint.report import render
    from taskcontract.reporting.progress import show_progress

    name = source or "."
    known = read_baseline(baseline)
    with show_progress(f"reading {name}"):
        report = look(Path(name), config, known, fail_on)
    if form == "text" and output in (None, "-"):
        from taskcontract.reporting.lint.text import lay_out

        show_page(lay_out(report))
    else:
        write_output(render(report, form), output)
    return 1 if report.failed else 0


def look(folder: Path, config: Config, baseline: tuple[Acceptance, ...], fail_on: str) -> LintReport:
    """Return what is wrong in the project in `folder`, with what it accepts, or `baseline`, set apart."""
    from taskcontract.cli.comparison import say_notes
    from taskcontract.diff.accepted import apply_acceptances
    from taskcontract.extract.static.project import read_project
    from taskcontract.lint.check import find_problems
    from taskcontract.lint.rule_index import is_of_lint, list_lint_rule_ids
    from taskcontract.reporting.lint.report import LintReport

    tree = _open(folder)
    found = read_project(tree, calls=True)
    problems = [replace(each, place=_place(tree.folder, each.place)) for each in find_problems(found)]
    rules = list_lint_rule_ids()
    entries = [each for each in config.accept if is_of_lint(each, rules)]
    sorted_out = apply_acceptances(problems, (*entries, *baseline))
    return LintReport(
        tree.origin,
        len(found.spec.tasks),
        len(found.calls),
        sorted_out.open,
        sorted_out.accepted,
        tuple(replace(each, place=_place(tree.folder, each.place)) for each in found.unresolved),
        tuple(say_notes(sorted_out, baseline)),
        fail_on,
    )


def _open(folder: Path) -> FolderTree:
    """Return a folder as a tree; a ConfigError where there is none."""
    from taskcontract.errors import ConfigError
    from taskcontract.extract.sources.folder import FolderTree

    if not folder.is_dir():
        raise ConfigError(f"there is no folder {str(folder)!r}", do="Name the folder that holds the project.")
    return FolderTree(folder, str(folder))


def _place(base: Path, place: Place) -> Place:
    """Return `place` as the working folder names it, which is what annotations want."""
    return place._replace(file=os.path.relpath(base / place.file).replace(os.sep, "/"))
