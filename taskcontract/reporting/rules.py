"""Rules as a table, as pages to read and as a JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from taskcontract.reporting.documents import write_document
from taskcontract.reporting.page import Block, Markdown, Table, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.model.finding import Bump, Direction, Severity

__all__ = ["RuleText", "render_explanations", "render_rules", "render_rules_json"]

FIELDS = ("id", "severity", "directions", "bump", "summary", "text")


class RuleText(Protocol):
    """A rule as data, of a comparison or of `lint`; `directions` is empty for the latter."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def severity(self) -> Severity:
        """How grave its findings usually are."""
        ...

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Whom they reach."""
        ...

    @property
    def bump(self) -> Bump:
        """How much the version has to grow by them."""
        ...

    @property
    def summary(self) -> str:
        """Its first line."""
        ...

    @property
    def text(self) -> str:
        """All that is explained."""
        ...


def render_rules(rules: Iterable[RuleText]) -> Iterator[Block]:
    """Yield the table of `rules`."""
    rows = tuple((rule.id, rule.severity, rule.bump, rule.summary) for rule in rules)
    yield Table(("rule", "severity", "bump", "what is found"), rows)


def render_explanations(rules: Iterable[RuleText]) -> Iterator[Block]:
    """Yield the page of each of `rules`."""
    for number, rule in enumerate(rules):
        if number:
            yield line("")
        said = f": {rule.severity}"
        if rule.directions:
            said += f", {rule.bump} bump, {', '.join(rule.directions)}"
        yield line((rule.id, "name"), said)
        yield line("")
        yield Markdown(rule.text)


def render_rules_json(command: str, rules: Iterable[RuleText]) -> str:
    """`rules` as the document of `command`."""
    return write_document(
        command, {"rules": [{name: getattr(rule, name) for name in FIELDS} for rule in rules]}
    )
