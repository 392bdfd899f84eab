"""All rules on one project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lint.project import LintProject
from taskcontract.lint.rule_index import load_lint_rules

if TYPE_CHECKING:
    from taskcontract.extract.found import FoundProject
    from taskcontract.lint.problem import Problem

__all__ = ["find_problems"]


def find_problems(found: FoundProject) -> list[Problem]:
    """Return what the rules find, by place; each problem once, also where two readings led to it."""
    project = LintProject(found)
    problems = {problem for module in load_lint_rules() for problem in module.check(project)}
    return sorted(problems, key=lambda each: (each.place, each.rule, each.task, each.subject))
