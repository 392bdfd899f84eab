"""Rules as a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.reporting.documents import write_document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.diff.rule_index import RuleInfo

__all__ = ["render_rules_json"]

FIELDS = ("id", "severity", "directions", "bump", "summary", "text")


def render_rules_json(command: str, rules: Iterable[RuleInfo]) -> str:
    """`rules` as the document of `command`."""
    return write_document(
        command, {"rules": [{name: getattr(rule, name) for name in FIELDS} for rule in rules]}
    )
