"""Whether a type takes a value, for many values of few types."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING, Any

from taskcontract.diff.walker.engine import assert_formats
from taskcontract.errors import SpecError
from taskcontract.model.checks import CHECKS

if TYPE_CHECKING:
    from taskcontract.diff.walker.engine import SchemaEngine
    from taskcontract.model.canonical import Json

__all__ = ["ValueChecks"]

NOT_PLAIN = (f'"{CHECKS}"', '"pattern"', '"patternProperties"', '"$dynamicRef"', '"$id"')
"""Keywords that the validator reads otherwise than a worker does, or cannot read."""


class ValueChecks:
    """Asks a compiled validator where that reads a schema as a worker does, else the engine for a proof."""

    def __init__(self, engine: SchemaEngine) -> None:
        self._engine = engine
        self._validators: dict[int, tuple[Json, Any]] = {}

    def takes(self, schema: Json, value: Json) -> bool | None:
        """Return whether `schema` takes `value`; None where neither can tell."""
        validator = self._find(schema)
        if validator is not None:
            taken: bool = validator.is_valid(value)
            return taken
        try:
            verdict = self._engine.compare({"const": value}, schema).verdict
        except SpecError:
            return None
        return {"included": True, "not-included": False}.get(verdict)

    def _find(self, schema: Json) -> Any:
        """Return the validator of `schema`, which lives as long as this object; None where there is none."""
        known = self._validators.get(id(schema))
        if known is None:
            known = self._validators[id(schema)] = (schema, _compile(assert_formats(schema)))
        return known[1]


def _compile(schema: Json) -> Any:
    import jsonschema_rs

    text = dumps(schema)
    if any(keyword in text for keyword in NOT_PLAIN):
        return None
    try:
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=False, offline=True)
    except (ValueError, jsonschema_rs.ReferencingError):
        return None
