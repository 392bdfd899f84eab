"""What the verdict on a pair of schemas must not be: judged by validators that know nothing of the engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
from jsonschema.validators import validator_for

from tests.support.schema_values import iterate_values
from tests.support.second_engine import ask_second_engine

if TYPE_CHECKING:
    import random

    from taskcontract.diff.schemas import SchemaComparison


def is_valid(schema: Any, value: Any) -> bool:
    """Whether a value is valid, by the Python validator."""
    kind = validator_for(schema, default=jsonschema.Draft202012Validator)
    if kind is jsonschema.Draft201909Validator and "unevaluated" in str(schema):
        # It takes no notice of what `additionalProperties` beside `unevaluatedProperties` has evaluated.
        return _Fast(schema).is_valid(value)
    return bool(kind(schema).is_valid(value))


def find_fault(
    old: Any, new: Any, found: SchemaComparison, rng: random.Random, values: int, *, slow: bool = False
) -> str | None:
    """What is wrong with a verdict, or None: a witness that fails, or a value that refutes an inclusion.

    `slow` asks the Python validator about every value and not the Rust one.
    """
    if found.verdict == "not-included":
        if not is_valid(old, found.witness):
            return f"the witness {found.witness!r} is not valid under old"
        if is_valid(new, found.witness):
            return f"the witness {found.witness!r} is valid under new"
        return "another engine proves the inclusion" if ask_second_engine(old, new) else None
    if found.verdict == "undecided":
        return None if found.reason else "undecided without a reason"
    if ask_second_engine(old, new) is False:
        return "another engine proves that old is not included"
    before, after = (_Fast(old), _Fast(new)) if not slow else (_Slow(old), _Slow(new))
    for value in iterate_values(rng, old, new, values):
        if (
            before.is_valid(value)
            and not after.is_valid(value)
            and is_valid(old, value)
            and not is_valid(new, value)
        ):
            return f"{value!r} refutes the inclusion"
    return None


class _Fast:
    def __init__(self, schema: Any) -> None:
        self._validator = jsonschema_rs.validator_for(schema, offline=True, validate_formats=False)

    def is_valid(self, value: Any) -> bool:
        return self._validator.is_valid(value)


class _Slow:
    def __init__(self, schema: Any) -> None:
        self._schema = schema

    def is_valid(self, value: Any) -> bool:
        return is_valid(self._schema, value)
