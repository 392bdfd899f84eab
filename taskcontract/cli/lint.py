"""`taskcontract lint`: what is wrong today in a project's own use of its tasks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from taskcontract.cli.baseline import baseline_option, read_baseline
from taskcontract.cli.command import argument, command, option
from taskcontract.cli.options import format_option, read_project_config
from taskcontract.cli.output import show_page, write_output
from taskcontract.reporting.lint.report import FORMATS

if TYPE_CHECKING:
    from taskcontract.extract.found import FoundProject
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.config import Config
    from taskcontract.reporting.lint.report import LintReport

__all__ = ["run"]

EPILOG = """\
SOURCE is a folder, a commit (main, HEAD~3, git:v1), a wheel, an sdist or a release (pypi:weblate==5.5.5);
nothing in it is imported or run.

examples:
  taskcontract lint
  taskcontract lint main
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
        report = look(name, config, known, fail_on)
    if form == "text" and output in (None, "-"):
        from taskcontract.reporting.lint.text import lay_out

        show_page(lay_out(report))
    else:
        write_output(render(report, form), output)
    return 1 if report.failed else 0


def look(source: str, config: Config, baseline: tuple[Acceptance, ...], fail_on: str) -> LintReport:
    """Return what is wrong in the project `source`, with what it accepts, or `baseline`, set apart."""
    from taskcontract.cli.comparison import say_notes
    from taskcontract.diff.accepted import apply_acceptances
    from taskcontract.lint.check import find_problems
    from taskcontract.lint.rule_index import is_of_lint, list_lint_rule_ids
    from taskcontract.reporting.lint.report import LintReport

    found = _read(source, config)
    rules = list_lint_rule_ids()
    entries = [each for each in config.accept if is_of_lint(each, rules)]
    sorted_out = apply_acceptances(find_problems(found), (*entries, *baseline))
    return LintReport(
        source,
        len(found.spec.tasks),
        len(found.calls),
        sorted_out.open,
        sorted_out.accepted,
        found.unresolved,
        tuple(say_notes(sorted_out, baseline)),
        fail_on,
    )


def _read(source: str, config: Config) -> FoundProject:
    """Return the project that `source` names, as for `diff`; a word that names a folder is that folder."""
    from taskcontract.cli.project_sides import APP, LIVE
    from taskcontract.cli.source_kinds import SourceReader
    from taskcontract.errors import ConfigError

    if source.startswith((APP, LIVE)):
        raise ConfigError(
            "what is imported, or runs, has no source to look through", do="Name the project's folder."
        )
    reader = SourceReader(config, may_be_empty=True, calls=True)
    if Path(source).is_dir():
        return reader.read_folder(source)
    found = reader.find(source) or reader.find_word(source)
    if found is None:
        reader.refuse_word(source)
        raise ConfigError(
            f"there is no folder {source!r}", do="Name the folder that holds the project, or a commit."
        )
    return found
