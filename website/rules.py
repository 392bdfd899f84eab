"""A page for each rule, from the docstring that `taskcontract explain` prints, and one that lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from taskcontract.diff.rule_index import Room, list_rules
from taskcontract.lint.rule_index import list_lint_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.reporting.rules import RuleText

GROUPS: dict[Room, str] = {
    "services": "Services",
    "tasks": "Tasks and their versions",
    "signatures": "Signatures",
    "parameters": "Parameters",
    "remainder": "Whole lists of parameters",
    "payloads": "What is sent",
    "results": "What comes back",
    "delivery": "Delivery and errors",
    "canvas": "Canvas",
}
LINT = "What is wrong today"
REACHES = {
    "backward": "callers of the old version, and messages that wait",
    "forward": "new callers, while old workers run",
    "result": "callers that read results",
    "operational": "whoever runs it",
    "canvas": "chains, groups and chords",
}

INTRODUCTION = """\
# Rules

`taskcontract diff` and `taskcontract check` report what changed between two versions of a task API as
*findings*, each of one rule. A finding is **breaking** (a call that worked no longer does), **dangerous**
(it may not, and no proof can tell) or **safe**. The bump is what the version of the task, or of its
service, has to grow by. The last group is what [`taskcontract lint`](../lint.md) finds in a project as it is.

What is listed here is the usual verdict: a finding whose proof says otherwise is graver or milder. A
project may give a rule another severity, and accept a break: see [the
configuration](../cli.md#configuration).
"""


def list_rule_pages() -> dict[str, str]:
    """The pages of all rules, by their places on the site."""
    pages = {_place(rule.id): _write_page(rule) for rules in _group().values() for rule in rules}
    return {"rules/index.md": _write_index()} | pages


def write_rule_nav() -> list[dict[str, list[dict[str, str]]]]:
    """The navigation below the list of rules: a group for each folder, and one for those of `lint`."""
    return [{title: [{rule.id: _place(rule.id)} for rule in rules]} for title, rules in _group().items()]


def _group() -> dict[str, Sequence[RuleText]]:
    compared = list_rules()
    groups: dict[str, Sequence[RuleText]] = {
        GROUPS[room]: [rule for rule in compared if rule.room == room] for room in get_args(Room)
    }
    return groups | {LINT: list_lint_rules()}


def _place(rule: str) -> str:
    return f"rules/{rule}.md"


def _write_page(rule: RuleText) -> str:
    _, _, rest = rule.text.partition("\n")
    reaches = "; ".join(REACHES[direction] for direction in rule.directions) or "the project itself"
    return (
        f"# {rule.id}\n\n{rule.summary}\n\n"
        f"| severity | version bump | whom it reaches |\n| --- | --- | --- |\n"
        f"| **{rule.severity}** | {rule.bump} | {reaches} |\n{rest}\n"
        f"\n`taskcontract explain {rule.id}` prints this page.\n"
    )


def _write_index() -> str:
    parts = [INTRODUCTION]
    for title, members in _group().items():
        rows = [
            f"| [{each.id}]({each.id}.md) | {each.severity} | {each.bump} | {each.summary} |"
            for each in members
        ]
        parts.append(
            "\n".join(
                [
                    f"\n## {title}\n",
                    "| rule | severity | bump | what is found |",
                    "| --- | --- | --- | --- |",
                    *rows,
                    "",
                ]
            )
        )
    return "\n".join(parts)
