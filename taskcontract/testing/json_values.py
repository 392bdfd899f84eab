"""Hypothesis strategies for the JSON values of a schema, as pydantic writes schemas.

They generate mostly valid values: each is checked with the type itself after it is drawn.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from taskcontract.model.equality import freeze
from taskcontract.model.pointers import follow_reference
from taskcontract.testing.json_texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from taskcontract.model.canonical import Json

__all__ = ["values_of"]

SCALARS: SearchStrategy[Any] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
ANYTHING: SearchStrategy[Any] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
MOST = 5
"""Members of a container where the schema sets no lower bound."""


def values_of(schema: Json) -> SearchStrategy[Any]:
    """JSON values of `schema`, with its own `$defs`; simple ones first, so that examples shrink well."""
    return _Values(schema).of(schema)


class _Values:
    """Reads one document; each reference is read once, so that schemas may be recursive."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._refs: dict[str, SearchStrategy[Any]] = {}

    def of(self, schema: Any) -> SearchStrategy[Any]:
        if schema is False:
            return st.nothing()
        if not isinstance(schema, dict):
            return ANYTHING
        if "$ref" in schema:
            return self._referred(schema["$ref"])
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        for choice in ("anyOf", "oneOf"):
            if choice in schema:
                return st.one_of([self.of(each) for each in schema[choice]])
        if "allOf" in schema:
            merged = {name: value for part in schema["allOf"] for name, value in part.items()}
            return self.of({**{name: value for name, value in schema.items() if name != "allOf"}, **merged})
        kinds = schema.get("type")
        if isinstance(kinds, list):
            return st.one_of([self.of({**schema, "type": kind}) for kind in kinds])
        return self._of_type(kinds, schema)

    def _of_type(self, kind: str | None, schema: Mapping[str, Any]) -> SearchStrategy[Any]:
        match kind:
            case "null":
                return st.none()
            case "boolean":
                return st.booleans()
            case "integer" | "number":
                return _numbers(schema, whole=kind == "integer")
            case "string" if "contentSchema" in schema:
                return self.of(schema["contentSchema"]).map(json.dumps)
            case "string":
                return texts_of(schema)
            case "array":
                return self._arrays(schema)
            case "object":
                return self._objects(schema)
            case _:
                return ANYTHING

    def _referred(self, ref: str) -> SearchStrategy[Any]:
        if ref not in self._refs:
            target: Any = follow_reference(self._document, ref)
            self._refs[ref] = st.deferred(lambda: self.of(target))
        return self._refs[ref]

    def _arrays(self, schema: Mapping[str, Any]) -> SearchStrategy[Any]:
        first = [self.of(each) for each in schema.get("prefixItems", ())]
        least = max(schema.get("minItems", 0) - len(first), 0)
        most = schema.get("maxItems", least + len(first) + MOST) - len(first)
        item = schema.get("items", True)
        if first and (item is False or most <= 0):
            return st.tuples(*first).map(list)
        rest = st.lists(
            self.of(item),
            min_size=least,
            max_size=max(most, 0),
            unique_by=freeze if schema.get("uniqueItems") else None,
        )
        if not first:
            return rest
        # A tuple's own members are all there, whatever follows them.
        return st.tuples(st.tuples(*first), rest).map(lambda parts: [*parts[0], *parts[1]])

    def _objects(self, schema: Mapping[str, Any]) -> SearchStrategy[Any]:
        properties = {name: self.of(each) for name, each in schema.get("properties", {}).items()}
        required = {name: properties.get(name, ANYTHING) for name in schema.get("required", ())}
        optional = {name: each for name, each in properties.items() if name not in required}
        known = st.fixed_dictionaries(required, optional=optional)
        others = [
            (texts_of({"pattern": pattern}), self.of(each))
            for pattern, each in schema.get("patternProperties", {}).items()
        ]
        # Unless a schema says that it keeps other members, they are dropped or refused.
        if schema.get("additionalProperties"):
            names = texts_of(schema.get("propertyNames", {}))
            others.append((names, self.of(schema["additionalProperties"])))
        for names, values in others:
            least = max(schema.get("minProperties", 0) - len(properties), 0)
            most = schema.get("maxProperties", least + len(properties) + MOST) - len(properties)
            more = st.dictionaries(names, values, min_size=least, max_size=max(most, least))
            known = st.tuples(more, known).map(lambda parts: {**parts[0], **parts[1]})
        return known


def _numbers(schema: Mapping[str, Any], *, whole: bool) -> SearchStrategy[Any]:
    lower, upper = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    step = schema.get("multipleOf")
    if whole or step is not None:
        size = step or 1
        bottom = [each // size + 1 for each in (above,) if each is not None]
        bottom += [-(-each // size) for each in (lower,) if each is not None]
        top = [-(-each // size) - 1 for each in (below,) if each is not None]
        top += [each // size for each in (upper,) if each is not None]
        numbers = st.integers(
            min_value=int(max(bottom)) if bottom else None, max_value=int(min(top)) if top else None
        )
        return numbers.map(lambda number: number * size)
    return st.floats(
        min_value=lower if above is None else above,
        max_value=upper if below is None else below,
        exclude_min=above is not None,
        exclude_max=below is not None,
        allow_nan=False,
        allow_infinity=False,
    )
