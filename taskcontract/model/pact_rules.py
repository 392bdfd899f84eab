"""The matching rules and generators of a contract file, read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError
from taskcontract.model.contract import Generator, MatchRule
from taskcontract.model.generators import find_generator_fault
from taskcontract.model.matchers import (
    DECLARED,
    NULLABLE,
    OPTIONAL,
    OURS,
    SCHEMA,
    find_rule_fault,
    name_matcher,
)
from taskcontract.model.reading import Node
from taskcontract.model.rule_path import parse_rule_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from taskcontract.model.canonical import Json

__all__ = ["OWN", "own_json", "read_generators", "read_own_rules", "read_rules", "rules_json"]

BODY = frozenset({"body", "content"})
EACH = ("eachKey", "eachValue")
"""Matchers for which Pact's schema wants a `value` that nothing is compared with."""
OWN = "taskcontract"
"""The member of the comments with what Pact has no form for."""


def read_rules(categories: Node, place: Callable[[str], str] = str) -> Iterator[MatchRule]:
    """Yield the rules for the body; a SpecError for those that cannot be checked, or are for something else.

    `place` says where a path of the file is in a call.
    """
    for category, rules in categories.object().items():
        if category not in BODY:
            if rules:
                categories.fail(f"rules for {category!r} are not known: a call or a result has a body alone")
            continue
        for path, value in sorted(Node(rules, file=categories.file, path=categories.path).object().items()):
            entry = Node(value, file=categories.file, path=f"{categories.path}.{category}[{path!r}]")
            yield from _read_entry(_placed(entry, path, place), entry)


def _placed(entry: Node, path: str, place: Callable[[str], str]) -> str:
    try:
        parse_rule_path(path)
        return place(path)
    except ContractError as error:
        entry.fail(error.what, do=error.do)


def _read_entry(path: str, entry: Node) -> Iterator[MatchRule]:
    combine = entry.get("combine")
    logic: Any = combine.text().upper() if combine else "AND"
    if logic not in ("AND", "OR"):
        (combine or entry).fail(f"rules are combined by AND or OR, not by {logic!r}")
    for matcher in entry["matchers"].items():
        members = matcher.object()
        name = name_matcher(members)
        if name is None or name in OURS:
            matcher.fail(f"no matcher is named here: 'match' is {members.get('match')!r}")
        idle = ("match", "value") if name in EACH else ("match",)
        rule = MatchRule(path, name, {key: each for key, each in members.items() if key not in idle}, logic)
        fault = find_rule_fault(rule)
        if fault is not None:
            matcher.fail(fault)
        yield rule


def read_generators(categories: Node, place: Callable[[str], str] = str) -> Iterator[Generator]:
    """Yield the generators for the body; a SpecError for unknown ones, and those for something else."""
    for category, made in categories.object().items():
        if category not in BODY:
            if made:
                categories.fail(
                    f"generators for {category!r} are not known: only values of the body are made"
                )
            continue
        for path, value in sorted(Node(made, file=categories.file, path=categories.path).object().items()):
            entry = Node(value, file=categories.file, path=f"{categories.path}.{category}[{path!r}]")
            members = entry.object()
            kind = entry["type"].text()
            parameters = {key: each for key, each in members.items() if key != "type"}
            generator = Generator(_placed(entry, path, place), kind, parameters)
            fault = find_generator_fault(generator)
            if fault is not None:
                entry.fail(fault)
            yield generator


def read_own_rules(own: Node) -> Iterator[MatchRule]:
    """Yield the rules that Pact has no form for."""
    optional, nullable = own.get("optional"), own.get("nullable")
    for path, example in sorted(optional.object().items()) if optional else ():
        yield MatchRule(_checked(own, path), OPTIONAL, {"example": example})
    for entry in nullable.items() if nullable else ():
        yield MatchRule(_checked(entry, entry.text()), NULLABLE)
    declared, schema = own.get("fromSpec"), own.get("schema")
    for entry in declared.items() if declared else ():
        yield MatchRule(_checked(entry, entry.text()), DECLARED)
    if schema:
        yield MatchRule("$", SCHEMA, {"schema": schema.object()})


def _checked(node: Node, path: str) -> str:
    return _placed(node, path, str)


def rules_json(rules: Iterable[MatchRule]) -> Json:
    """Return the `matchingRules` of `rules`; an empty object where there are none."""
    paths: dict[str, Json] = {}
    for rule in rules:
        if rule.match not in OURS:
            entry = paths.setdefault(rule.path, {"combine": rule.combine, "matchers": []})
            idle = {"value": "$"} if rule.match in EACH else {}
            entry["matchers"].append({**rule.parameters, **idle, "match": rule.match})
    return {"body": paths} if paths else {}


def own_json(rules: Iterable[MatchRule], *, strict: bool) -> dict[str, Json]:
    """Return what of `rules` stands in the comments."""
    own: dict[str, Json] = {"strict": True} if strict else {}
    for rule in rules:
        if rule.match == OPTIONAL:
            own.setdefault("optional", {})[rule.path] = rule.parameters["example"]
        elif rule.match == NULLABLE:
            own.setdefault("nullable", []).append(rule.path)
        elif rule.match == DECLARED:
            own.setdefault("fromSpec", []).append(rule.path)
        elif rule.match == SCHEMA:
            own["schema"] = rule.parameters["schema"]
    return own
