"""A schema for one value, its patterns replaced by the strings in that value in which Rust finds them.

The independent validator reads patterns as ECMA-262 does; what Rust's own engine says of the few strings that
matter can be told to it in a form that all engines read alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.regex.rust.oracle import PatternRefusedError, open_pattern
from taskcontract.diff.schemas.values import list_strings
from taskcontract.model.schema_parts import BY_NAME, SCHEMAS

if TYPE_CHECKING:
    from taskcontract.diff.schemas.budget import Budget
    from taskcontract.diff.schemas.values import Json


def spell_patterns(schema: Json, value: Json, budget: Budget) -> Json | None:
    """Return the schema with its patterns rewritten so; None if the engine refuses one of them."""
    try:
        return _Speller(list(dict.fromkeys(list_strings(value))), budget).rewrite(schema)
    except PatternRefusedError:
        return None


class _Speller:
    def __init__(self, texts: list[str], budget: Budget) -> None:
        self._texts = texts
        self._budget = budget
        self._names: dict[str, str] = {}

    def rewrite(self, schema: Json) -> Json:
        if isinstance(schema, list):
            return [self.rewrite(item) for item in cast("list[object]", schema)]
        if not isinstance(schema, dict):
            return schema
        members = {name: self._rewrite_member(name, member) for name, member in schema.items()}
        pattern = members.pop("pattern", None)
        if isinstance(pattern, str):
            also = members.get("allOf", [])
            members["allOf"] = [*(also if isinstance(also, list) else []), self._spell(pattern)]
        return members

    def _rewrite_member(self, name: str, member: Json) -> Json:
        if name in BY_NAME and isinstance(member, dict):
            keyed = name == "patternProperties"
            return {
                self._name(key) if keyed else key: self.rewrite(inner)
                for key, inner in cast("dict[str, Json]", member).items()
            }
        return self.rewrite(member) if name in SCHEMAS else member

    def _find(self, pattern: str) -> list[str]:
        self._budget.spend(1 + len(self._texts))
        return list(filter(open_pattern(pattern, self._budget), self._texts))

    def _spell(self, pattern: str) -> Json:
        other = {"not": {"type": "string"}}
        found = self._find(pattern)
        return {"anyOf": [other, {"enum": found}]} if found else other

    def _name(self, pattern: str) -> str:
        known = self._names.get(pattern)
        if known is None:
            # No text has letters behind its end: the last way only makes each pattern a different one.
            ways = [*map(_escape, self._find(pattern)), f"$a{{{len(self._names) + 1}}}"]
            known = self._names[pattern] = f"^(?:{'|'.join(ways)})$"
        return known


def _escape(text: str) -> str:
    return "".join(
        character
        if ord(character) > 0xFFFF or (character.isascii() and character.isalnum())
        else f"\\u{ord(character):04x}"
        for character in text
    )
