"""Rules as a table, as pages to read and as a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.documents import write_document
from taskcontract.reporting.page import Block, Markdown, Table, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.diff.rule_index import RuleInfo

__all__ = ["render_explanations", "render_rules", "render_rules_json"]

FIELDS = ("id", "severity", "directions", "bump", "summary", "text")


def render_rules(rules: Iterable[RuleInfo]) -> Iterator[Block]:
    """Yield the table of `rules`."""
    rows = tuple((rule.id, rule.severity, rule.bump, rule.summary) for rule in rules)
    yield Table(("rule", "severity", "bump", "what changed"), rows)


def render_explanations(rules: Iterable[RuleInfo]) -> Iterator[Block]:
    """Yield the page of each of `rules`."""
    for number, rule in enumerate(rules):
        if number:
            yield line("")
        said = f": {rule.severity}, {rule.bump} bump, {', '.join(rule.directions)}"
        yield line((rule.id, "name"), said)
        yield line("")
        yield Markdown(rule.text)


def render_rules_json(command: str, rules: Iterable[RuleInfo]) -> str:
    """`rules` as the document of `command`."""
    return write_document(
        command, {"rules": [{name: getattr(rule, name) for name in FIELDS} for rule in rules]}
    )
