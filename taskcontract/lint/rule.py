"""What every rule of `taskcontract lint` is: an id and a severity. Its text is its module's docstring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.problem import Problem

if TYPE_CHECKING:
    from taskcontract.model.finding import Severity
    from taskcontract.model.place import Place

__all__ = ["LintRule"]


class LintRule:
    """One rule; `found` makes its problems."""

    __slots__ = ("id", "severity")

    def __init__(self, rule: str, severity: Severity) -> None:
        self.id = rule
        self.severity: Severity = severity

    def found(self, task: str, place: Place, subject: str, what: str, remedy: str) -> Problem:
        """Make a problem of this rule."""
        return Problem(self.id, task, place, subject, self.severity, what, remedy)
