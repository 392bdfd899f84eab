"""A finished look at a project as data, and the formats that it can be written in."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.model.finding import SEVERITIES

if TYPE_CHECKING:
    from taskcontract.extract.found import Unresolved
    from taskcontract.lint.problem import Problem
    from taskcontract.model.acceptance import Acceptance

__all__ = ["FORMATS", "LintReport", "render"]

FORMATS = {
    "text": "taskcontract.reporting.lint.text",
    "json": "taskcontract.reporting.lint.json_report",
    "github": "taskcontract.reporting.lint.github",
    "sarif": "taskcontract.reporting.lint.sarif",
    "markdown": "taskcontract.reporting.lint.markdown",
    "junit": "taskcontract.reporting.lint.junit",
    "gitlab": "taskcontract.reporting.lint.gitlab",
}


class LintReport(NamedTuple):
    """What was found in the project `origin`, with `tasks` tasks and `calls` places that send them.

    `problems` leaves out what is `accepted`. `unresolved` is what could not be known from the source;
    `notes` are remarks on the configuration. `fail_on` is the least severity that makes the exit code 1.
    """

    origin: str
    tasks: int
    calls: int
    problems: tuple[Problem, ...]
    accepted: tuple[tuple[Problem, Acceptance], ...] = ()
    unresolved: tuple[Unresolved, ...] = ()
    notes: tuple[str, ...] = ()
    fail_on: str = "dangerous"

    @property
    def failed(self) -> bool:
        """Whether the exit code is 1."""
        return any(map(self.fails, self.problems))

    def fails(self, problem: Problem) -> bool:
        """Return whether `problem` alone makes the exit code 1."""
        if self.fail_on == "never":
            return False
        words = list(SEVERITIES)
        return words.index(problem.severity) <= words.index(self.fail_on)  # type: ignore[arg-type]


def render(report: LintReport, form: str) -> str:
    """Return `report` in the format `form`, one of FORMATS."""
    text: str = import_module(FORMATS[form]).render(report)
    return text
