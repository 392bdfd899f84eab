"""Examples: a value with matchers in it, taken apart into plain JSON and the rules for it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError
from taskcontract.model.contract import Generator, MatchRule
from taskcontract.model.generators import GENERATED, find_generator_fault
from taskcontract.model.matchers import DECLARED, NULLABLE, OPTIONAL, OURS, SCHEMA
from taskcontract.model.rule_path import ANY_INDEX, ANY_KEY, spell_step
from taskcontract.verification.comparison.matching import find_mismatches
from taskcontract.verification.match import Matcher
from taskcontract.verification.recording.declared_values import Open, fill_open
from taskcontract.verification.recording.plain_values import (
    MISSING,
    holds_matcher,
    is_model,
    path_inside,
    require_present,
    to_json,
)
from taskcontract.verification.recording.recordable import refuse_unwritable
from taskcontract.verification.recording.single_matchers import add_rule, inner_json, is_simple, rule_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from taskcontract.declare.codec import Codec
    from taskcontract.model.canonical import Json

__all__ = ["find_plain", "read_example"]


def read_example(
    value: Any, generators: list[Generator] | None = None, codec: Codec | None = None
) -> tuple[Json, tuple[MatchRule, ...]]:
    """Return the JSON of `value`, and the rules of the matchers in it, by path.

    What is made anew is added to `generators`; `codec` is that of the declared type. A ContractError says
    which matcher's own example does not fit it, what has no JSON form, and what would be made anew without a
    list for it.
    """
    rules: list[MatchRule] = []
    example = _take_apart(value, "$", rules, within=False)
    made = [rule for rule in rules if rule.match == GENERATED]
    if made:
        rules = [rule for rule in rules if rule.match != GENERATED]
        _make_generators(made, generators)
    if example is MISSING:
        raise ContractError("match.optional stands for a member of an object", do="Leave it out here.")
    if any(rule.match == DECLARED for rule in rules):
        example = _fill_declared(example, rules, codec)
    for part in (example, [rule.parameters for rule in rules]):
        refuse_unwritable(part, "the example", do="Give an example that a result in JSON could be.")
    rules.sort(key=lambda rule: (rule.path, rule.match in OURS))
    mismatches = find_mismatches(example, rules, example)
    if mismatches:
        raise ContractError(
            f"the example does not fit its own matcher: {mismatches[0]}",
            do="Give an example that a real result could be.",
        )
    return example, tuple(rules)


def _fill_declared(example: Json, rules: list[MatchRule], codec: Codec | None) -> Json:
    """Return `example` with values of the declared type where the test says none, and note its schema."""
    if codec is None:
        raise ContractError(
            "match.from_spec stands where no type is declared", do="Use it in returns= and in called_with."
        )
    for index, rule in enumerate(rules):
        if rule.match == OPTIONAL:
            rules[index] = MatchRule(rule.path, OPTIONAL, fill_open(rule.parameters, codec))
    rules.append(MatchRule("$", SCHEMA, {"schema": codec.schema("write")}))
    return fill_open(example, codec)


def _make_generators(rules: Iterable[MatchRule], generators: list[Generator] | None) -> None:
    """Add what `rules` say of values that are made anew to `generators`."""
    for rule in rules:
        kind = str(rule.parameters["kind"])
        parameters = {name: value for name, value in rule.parameters.items() if name != "kind"}
        made = Generator(rule.path, kind, parameters)
        fault = find_generator_fault(made)
        if fault is not None:
            raise ContractError(fault, do="Correct the generator in the test.")
        if generators is None:
            raise ContractError(
                f"the value at {rule.path} of the example is to be made by the generator {kind!r}",
                do="Only arguments are made anew: say it in .called_with(...).",
            )
        generators.append(made)


def _take_apart(value: Any, path: str, rules: list[MatchRule], *, within: bool) -> Json:
    """Return the JSON of `value`; `within` says that a matcher holds for it from above."""
    if isinstance(value, Matcher):
        return _take_matcher(value, path, rules, within=within)
    if isinstance(value, dict):
        return _take_members(value.items(), path, rules, within=within)
    if isinstance(value, list | tuple):
        return [
            require_present(_take_apart(item, f"{path}[{index}]", rules, within=within), f"{path}[{index}]")
            for index, item in enumerate(value)
        ]
    if is_dataclass(value) and not isinstance(value, type):
        members = ((field.name, getattr(value, field.name)) for field in fields(value))
        return _take_members(members, path, rules, within=within)
    if is_model(value) and holds_matcher(vars(value)):  # one that `model_construct` has made
        return _take_members(vars(value).items(), path, rules, within=within)
    return to_json(value, path)


def _take_members(
    members: Iterable[tuple[Any, Any]], path: str, rules: list[MatchRule], *, within: bool
) -> Json:
    taken: dict[str, Json] = {}
    keys: list[Matcher] = []
    for name, item in members:
        if isinstance(name, Matcher):
            keys.append(name)
            taken[str(name.example)] = require_present(
                _take_apart(item, f"{path}{spell_step(ANY_KEY)}", rules, within=True), path
            )
            continue
        example = _take_apart(item, path_inside(path, name, item), rules, within=within)
        if example is not MISSING:
            taken[name] = example
    if keys:
        if len(keys) > 1 or len(taken) > 1:
            raise ContractError(
                f"the object at {path} of the example has a matcher for its keys, and other keys",
                do="Let one matcher stand for all keys; match.any_of takes several forms.",
            )
        add_rule(rules, MatchRule(path, "eachKey", {"rules": list(inner_json(keys))}))
        add_rule(rules, MatchRule(path, "values"))
    return taken


def _take_matcher(matcher: Matcher, path: str, rules: list[MatchRule], *, within: bool) -> Json:
    match matcher.name:
        case "AND" | "OR":
            return _take_several(matcher.example, path, rules, matcher.name)
        case name if name == OPTIONAL:
            example = require_present(_take_apart(matcher.example, path, rules, within=within), path)
            rules.append(MatchRule(path, OPTIONAL, {"example": example}))
            return MISSING
        case name if name == NULLABLE:
            return _take_nullable(matcher.example, path, rules, within=within)
        case name if name == DECLARED:
            rules.append(MatchRule(path, DECLARED))
            # To Pact, which knows no declared types, it is any value of the example's JSON type.
            rules.append(MatchRule(path, "type"))
            if not matcher.example:
                return Open(path)
            return _take_apart(matcher.example[0], path, rules, within=True)
        case name if name == GENERATED:
            rules.append(MatchRule(path, GENERATED, matcher.parameters))
            like = matcher.example
            like = like if isinstance(like, Matcher) else Matcher("type", like)
            return _take_apart(like, path, rules, within=within)
        case "arrayContains":
            variants = list(_variants(matcher.example))
            add_rule(rules, MatchRule(path, matcher.name, {"variants": variants}))
            return [read_example(item)[0] for item in matcher.example]
        case "eachKey" | "eachValue":
            inner = list(inner_json(matcher.parameters["rules"]))
            add_rule(rules, MatchRule(path, matcher.name, {"rules": inner}))
            return _take_apart(matcher.example, path, rules, within=True)
    add_rule(rules, rule_of(matcher, path, "AND"))
    if not matcher.each:
        return _take_apart(matcher.example, path, rules, within=True)
    inside = f"{path}{spell_step(ANY_INDEX)}"
    item = require_present(_take_apart(matcher.example, inside, rules, within=True), inside)
    return [item] * max(1, matcher.parameters["min"])


def _take_several(matchers: Any, path: str, rules: list[MatchRule], combine: Any) -> Json:
    if not matchers or not all(is_simple(each) for each in matchers):
        raise ContractError(
            f"match.any_of and match.all_of, at {path} of the example, take matchers of single values",
            do="Give matchers such as match.integer(1) and match.regex(pattern, example).",
        )
    for matcher in matchers:
        add_rule(rules, rule_of(matcher, path, combine))
    return _take_apart(matchers[0].example, path, rules, within=True)


def _take_nullable(inner: Any, path: str, rules: list[MatchRule], *, within: bool) -> Json:
    """Write what Pact reads too, `OR null`, for a single value; Pact knows no object that may be null."""
    if not isinstance(inner, Matcher):
        plain = _take_apart(inner, path, [], within=within)
        if not isinstance(plain, dict | list):
            inner = Matcher("type" if within else "equality", inner)
    if isinstance(inner, Matcher) and inner.name == "OR":
        return _take_several((*inner.example, Matcher("null", None)), path, rules, "OR")
    if is_simple(inner):
        return _take_several((inner, Matcher("null", None)), path, rules, "OR")
    rules.append(MatchRule(path, NULLABLE))
    return require_present(_take_apart(inner, path, rules, within=within), path)


def _variants(items: list[Any]) -> Iterator[Json]:
    for index, item in enumerate(items):
        example, rules = read_example(item)
        del example
        if any(rule.match in OURS for rule in rules):
            raise ContractError(
                "match.optional and match.nullable cannot stand in match.array_containing",
                do="Say there what the item must have.",
            )
        variant: dict[str, Json] = {"index": index}
        if rules:
            paths: dict[str, Any] = {}
            for rule in rules:
                entry = paths.setdefault(rule.path, {"combine": rule.combine, "matchers": []})
                entry["matchers"].append({**rule.parameters, "match": rule.match})
            variant["rules"] = paths
        yield variant


def find_plain(value: Any) -> Any:
    """Return the example of a matcher, without what is in it."""
    if value.name in ("AND", "OR"):
        return value.example[0].example
    return value.example
