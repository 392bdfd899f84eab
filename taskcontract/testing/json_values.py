"""Hypothesis strategies for the JSON values of a schema: all keywords that our specs write, and most others.

What a keyword says is built in where that is possible, and filtered where it is not (`not`, `contains`,
`dependentRequired`, ...). A check that only code knows is left to a caller that has the code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from taskcontract.diff.schemas.acceptance import Acceptance
from taskcontract.model.checks import CHECKS, INNER
from taskcontract.model.equality import spell_sorted
from taskcontract.model.pointers import NOWHERE, follow_reference
from taskcontract.testing.json_containers import ANYTHING, Containers
from taskcontract.testing.json_numbers import numbers_of
from taskcontract.testing.json_texts import texts_of
from taskcontract.testing.merging import PATTERNS, merge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hypothesis.strategies import SearchStrategy

    from taskcontract.model.canonical import Json

__all__ = ["values_of"]

SAYS_NOTHING = frozenset(
    ("$comment", "$defs", "default", "deprecated", "description", "discriminator", "examples", "title", INNER)
)
FILTERED = frozenset(
    (
        *("contains", "dependencies", "dependentRequired", "dependentSchemas", "if", "maxContains"),
        *("minContains", "not", "oneOf", "unevaluatedItems", "unevaluatedProperties"),
    )
)
"""Keywords that values are drawn without, and then held against."""

GUESSES = {
    "string": ("pattern", "minLength", "maxLength", "format", PATTERNS),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "object": (
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames"),
        *("minProperties", "maxProperties"),
    ),
}
"""What tells the type that a schema without one is about; values of all other types are its own, too."""


def values_of(schema: Json) -> SearchStrategy[Any]:
    """JSON values of `schema`, with its own `$defs`; simple ones first, so that examples shrink well.

    Its `examples` are drawn too where only code knows which values pass a check.
    """
    drawn = _Values(schema).of(schema)
    examples = schema.get("examples") if isinstance(schema, dict) else None
    if isinstance(examples, list) and examples and f'"{CHECKS}"' in spell_sorted(schema):
        return st.sampled_from(examples) | drawn
    return drawn


class _Values:
    """Reads one document; each reference is read once, so that schemas may be recursive."""

    def __init__(self, document: Json) -> None:
        self._document = document
        self._defs = (
            {"$defs": document["$defs"]} if isinstance(document, dict) and "$defs" in document else {}
        )
        self._refs: dict[str, SearchStrategy[Any]] = {}
        self._deep = 0

    def of(self, schema: Any) -> SearchStrategy[Any]:
        if schema is False:
            return st.nothing()
        if not isinstance(schema, dict):
            return ANYTHING
        says = {name: value for name, value in schema.items() if name not in SAYS_NOTHING}
        if says.pop(CHECKS, None) and INNER in schema:  # what values are like behind a check that sees them
            return self.of(schema[INNER]) | self.of(says) if says else self.of(schema[INNER])
        return self._said(says)

    def _said(self, says: dict[str, Any]) -> SearchStrategy[Any]:
        """Values of what a schema says, without its checks."""
        if "$ref" in says and len(says) == 1:
            return self._referred(says["$ref"])
        if "const" in says:
            return self._held(st.just(says["const"]), says, by_hand=("const",))
        if "enum" in says:
            values = says["enum"]
            return self._held(st.sampled_from(values), says, by_hand=("enum",)) if values else st.nothing()
        if "$ref" in says or "allOf" in says:
            return self._held(self._merged(says), says)
        choice = next((each for each in ("anyOf", "oneOf") if each in says), None)
        if choice is not None:
            return self._chosen(says, choice)
        return self._held(self._of_types(says), says, by_hand=tuple(says.keys() - FILTERED))

    def _chosen(self, says: dict[str, Any], choice: str) -> SearchStrategy[Any]:
        """Values of one of several schemas, and of what stands beside them."""
        rest = {name: value for name, value in says.items() if name != choice}
        parts = [merge(rest, each) if rest and isinstance(each, dict) else each for each in says[choice]]
        drawn = st.one_of([self.of(part) for part in parts if part is not False])
        return self._held(drawn, says, by_hand=() if rest or choice == "oneOf" else (choice,))

    def _merged(self, says: dict[str, Any]) -> SearchStrategy[Any]:
        """Values of a schema that refers to others, and says more."""
        merged = {name: value for name, value in says.items() if name not in ("$ref", "allOf")}
        parts = [*says.get("allOf", ())]
        if "$ref" in says:
            parts.append(follow_reference(self._document, says["$ref"]))
        for part in parts:
            if part is False:
                return st.nothing()
            if isinstance(part, dict):
                merged = merge(merged, part)
        return self.of(merged)

    def _held(
        self, drawn: SearchStrategy[Any], says: dict[str, Any], *, by_hand: tuple[str, ...] = ()
    ) -> SearchStrategy[Any]:
        """Values that were `drawn`, held against the schema unless each keyword of it is seen to."""
        if says.keys() <= {*by_hand}:
            return drawn
        plain = {name: value for name, value in says.items() if name != PATTERNS}
        if PATTERNS in says:
            plain = {"allOf": [plain, *({"pattern": each} for each in says[PATTERNS])]}
        acceptance = Acceptance({**plain, **self._defs})
        return drawn.filter(lambda value: acceptance.judge(value) is not False)

    def _of_types(self, says: dict[str, Any]) -> SearchStrategy[Any]:
        kinds = says.get("type")
        if isinstance(kinds, str):
            return self._of_type(kinds, says)
        if isinstance(kinds, list):
            return st.one_of([self._of_type(kind, says) for kind in kinds])
        guessed = [kind for kind, marks in GUESSES.items() if not says.keys().isdisjoint(marks)]
        return (
            st.one_of([*(self._of_type(kind, says) for kind in guessed), st.none()]) if guessed else ANYTHING
        )

    def _of_type(self, kind: str, schema: Mapping[str, Any]) -> SearchStrategy[Any]:
        match kind:
            case "null":
                return st.none()
            case "boolean":
                return st.booleans()
            case "integer" | "number":
                return numbers_of(schema, whole=kind == "integer")
            case "string" if "contentSchema" in schema:
                return self.of(schema["contentSchema"]).map(json.dumps)
            case "string":
                return self._texts(schema)
            case "array":
                return self._containers.arrays(schema)
            case "object":
                return self._containers.objects(schema)
            case _:
                return ANYTHING

    @property
    def _containers(self) -> Containers:
        return Containers(self.of, deep=self._deep > 0)

    def _texts(self, schema: Mapping[str, Any]) -> SearchStrategy[str]:
        own = (schema["pattern"],) if "pattern" in schema else ()
        return texts_of(schema, (*own, *schema.get(PATTERNS, ())))

    def _referred(self, ref: str) -> SearchStrategy[Any]:
        if ref not in self._refs:
            target: Any = follow_reference(self._document, ref)
            if target is NOWHERE:
                return st.nothing()

            def read() -> SearchStrategy[Any]:
                self._deep += recursive
                try:
                    return self.of(target)
                finally:
                    self._deep -= recursive

            recursive = self._comes_back(ref)
            self._refs[ref] = st.deferred(read)
        return self._refs[ref]

    def _comes_back(self, ref: str) -> bool:
        """Return whether what `ref` leads to refers to it again."""
        seen: set[str] = set()
        waiting = [spell_sorted(follow_reference(self._document, ref))]
        defs = self._defs.get("$defs", {})
        while waiting:
            text = waiting.pop()
            if json.dumps(ref) in text:
                return True
            for name in defs:
                if name not in seen and json.dumps(f"#/$defs/{name}") in text:
                    seen.add(name)
                    waiting.append(spell_sorted(defs[name]))
        return False
