"""Examples: a value with matchers in it, taken apart into plain JSON and the rules for it."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.errors import ContractError
from taskcontract.model.contract import MatchRule
from taskcontract.model.matchers import find_rule_fault
from taskcontract.model.rule_path import ANY_INDEX, spell_step
from taskcontract.verification.match import Matcher
from taskcontract.verification.matching import find_mismatches
from taskcontract.verification.recordable import refuse_unwritable

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["read_example"]


def read_example(value: Any) -> tuple[Json, tuple[MatchRule, ...]]:
    """Return the JSON of `value`, and the rules of the matchers in it, by path.

    A ContractError says which matcher's own example does not fit it, or what has no JSON form.
    """
    rules: list[MatchRule] = []
    example = _take_apart(value, "$", rules)
    for part in (example, [rule.parameters for rule in rules]):
        refuse_unwritable(part, "the example", do="Give an example that a result in JSON could be.")
    rules.sort(key=lambda rule: rule.path)
    mismatches = find_mismatches(example, rules, example)
    if mismatches:
        raise ContractError(
            f"the example does not fit its own matcher: {mismatches[0]}",
            do="Give an example that a real result could be.",
        )
    return example, tuple(rules)


def _take_apart(value: Any, path: str, rules: list[MatchRule]) -> Json:
    if isinstance(value, Matcher):
        rule = MatchRule(path, value.name, value.parameters)
        fault = find_rule_fault(rule)
        if fault is not None:
            raise ContractError(fault, do="Correct the matcher in the test.")
        rules.append(rule)
        if not value.each:
            return _take_apart(value.example, path, rules)
        item = _take_apart(value.example, f"{path}{spell_step(ANY_INDEX)}", rules)
        return [item] * max(1, value.parameters["min"])
    if isinstance(value, dict):
        return {name: _take_apart(item, _inside(path, name, item), rules) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_take_apart(item, f"{path}[{index}]", rules) for index, item in enumerate(value)]
    if is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: _take_apart(getattr(value, field.name), f"{path}{spell_step(field.name)}", rules)
            for field in fields(value)
        }
    return _to_json(value, path)


def _inside(path: str, name: Any, item: Any) -> str:
    """Return the path of a member; a name that no path can spell is an error only if matchers are inside."""
    if not isinstance(name, str):
        raise ContractError(f"the key {name!r} at {path} of the example is not a string, as JSON wants it")
    try:
        return f"{path}{spell_step(name)}"
    except ContractError:
        if _holds_matcher(item):
            raise
        return path


def _holds_matcher(value: Any) -> bool:
    found: list[MatchRule] = []
    _take_apart(value, "$", found)
    return bool(found)


def _to_json(value: Any, path: str) -> Json:
    from pydantic_core import PydanticSerializationError, to_jsonable_python

    try:
        return to_jsonable_python(value, bytes_mode="base64", inf_nan_mode="constants")
    except PydanticSerializationError:
        raise ContractError(
            f"{value!r} at {path} of the example has no JSON form",
            do="Use what the task may return: builtins, dataclasses, dates, Decimal, UUID, pydantic models.",
        ) from None
