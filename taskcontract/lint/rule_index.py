"""The index of the rules of `taskcontract lint`: which there are, by the files of `rules/`."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol, cast

from taskcontract.lint.problem import MARK

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from taskcontract.lint.problem import Problem
    from taskcontract.lint.project import LintProject
    from taskcontract.lint.rule import LintRule
    from taskcontract.model.acceptance import Acceptance
    from taskcontract.model.finding import Bump, Direction, Severity

__all__ = [
    "LintRuleInfo",
    "describe_lint_rule",
    "is_of_lint",
    "list_lint_rule_ids",
    "list_lint_rules",
    "load_lint_rules",
]

RULES = "taskcontract.lint.rules"


class LintRuleModule(Protocol):
    """What a rule's file holds."""

    RULE: LintRule

    def check(self, project: LintProject, /) -> Iterable[Problem]:
        """Yield the problems of this rule in a project."""
        ...


class LintRuleInfo(NamedTuple):
    """A rule as data: `summary` is its first line, `text` the whole of what `explain` prints."""

    id: str
    severity: Severity
    summary: str
    text: str

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Return an empty tuple: a problem of one project breaks no other side."""
        return ()

    @property
    def bump(self) -> Bump:
        """No version grows by it."""
        return "none"


@cache
def list_lint_rule_ids() -> tuple[str, ...]:
    """Return the ids of all rules, sorted, without importing any of them."""
    files = (Path(__file__).parent / "rules").glob("*.py")
    return tuple(sorted(file.stem.replace("_", "-") for file in files if file.stem != "__init__"))


def is_of_lint(entry: Acceptance, rules: Collection[str]) -> bool:
    """Return whether an entry accepts a problem of lint, whose rules are `rules`, and no break of a diff."""
    return entry.rule in rules if entry.fingerprint is None else entry.fingerprint.startswith(MARK)


def list_lint_rules() -> list[LintRuleInfo]:
    """Return all rules as data, sorted by id."""
    return [describe_lint_rule(rule) for rule in list_lint_rule_ids()]


def describe_lint_rule(rule: str) -> LintRuleInfo:
    """Return the rule with the id `rule`, which is one of `list_lint_rule_ids()`, as data."""
    module = _load(rule)
    text = (module.__doc__ or "").strip()
    return LintRuleInfo(module.RULE.id, module.RULE.severity, text.partition("\n")[0], text)


def load_lint_rules() -> list[LintRuleModule]:
    """Return the modules of all rules, in the order of their ids."""
    return [_load(rule) for rule in list_lint_rule_ids()]


def _load(rule: str) -> LintRuleModule:
    name = f"{RULES}.{rule.replace('-', '_')}"
    module = sys.modules.get(name) or import_module(name)
    return cast("LintRuleModule", module)
