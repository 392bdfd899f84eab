"""JSON Schema 2020-12 as the schemas of an AsyncAPI document, which are draft 7 and share their parts.

AsyncAPI's tools follow each `$ref` from the document's root, whatever it stands in, and would fetch others:
so every part that is referred to becomes a schema of `components`, and nothing else is called `$ref`.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.export.embedding import change_references, has_keyword
from taskcontract.model.checks import INNER
from taskcontract.model.equality import spell_sorted
from taskcontract.model.ids import escape_id
from taskcontract.model.pointers import NOWHERE, follow_reference, read_reference
from taskcontract.model.schema_parts import BY_NAME, LISTS, ONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["Components", "TaskDocument", "mentions_reference"]

_BEYOND = frozenset(
    (
        *("$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveRef", "$schema"),
        *("maxContains", "minContains", "unevaluatedItems", "unevaluatedProperties"),
    )
)
"""What draft 7 cannot say, or says for documents only."""

_PLAIN = frozenset(
    (
        *("const", "contentEncoding", "contentMediaType", "default", "deprecated", "description", "enum"),
        *("examples", "exclusiveMaximum", "exclusiveMinimum", "format", "maxItems", "maxLength"),
        *("maxProperties", "maximum", "minItems", "minLength", "minProperties", "minimum", "multipleOf"),
        *("pattern", "readOnly", "required", "title", "type", "uniqueItems", "writeOnly"),
    )
)
"""Keywords that mean the same in both and hold no schema."""

_ASSERTED = frozenset(("date", "ipv4", "password"))
"""Formats that are no narrower than what workers take. Draft 7 lets validators refuse by any, so that others
are notes of ours: a worker takes a `date-time` without an offset, and a `uuid` without hyphens.
"""

_SCHEMAS = {
    **{keyword: keyword for keyword in (ONE | LISTS) - {"contentSchema"}},
    "prefixItems": "items",
}
"""Keywords that hold schemas, with what draft 7 calls them."""
_NAMED = frozenset(("patternProperties", "properties"))
_OWN = re.compile(r"x-[A-Za-z0-9._-]+", re.ASCII)

_SHARED = frozenset(("embed", "signature"))
"""The parts that are the same in each task's document."""

_FRAMES = frozenset(("body", "headers", "outcome"))
"""The parts in which others stand, and only where more may be taken than there is a word for."""

_MOST = 50
"""References that are followed to see whether two parts are the same; those with more are two."""


class TaskDocument(NamedTuple):
    """The document of a task, and the name that its components begin with."""

    name: str
    root: dict[str, Json]


class Components:
    """The schemas that the parts of an AsyncAPI document share."""

    def __init__(self) -> None:
        self.schemas: dict[str, Json] = {}
        self._found: dict[tuple[str, str], str] = {}
        self._contents: dict[tuple[str, str], str] = {}
        self._waiting: deque[tuple[tuple[TaskDocument, Json], str, list[str]]] = deque()

    def refer(self, document: TaskDocument, reference: str) -> dict[str, Json]:
        """Return a reference to the component of what `reference` leads to in a document.

        It is called as its part of the document is, or like it where another one is. What draft 7 cannot say
        is left out, and said.
        """
        found = self._point(document, reference)
        while self._waiting:  # not each from within another: a chain of references may be long
            waiting, known, beyond = self._waiting.popleft()
            schema = _say_beyond(beyond) if beyond else self._translate(*waiting)
            # Here alone the standard wants an object, not a boolean.
            self.schemas[known] = schema if isinstance(schema, dict) else {} if schema else {"not": {}}
        return found

    def _point(self, document: TaskDocument, reference: str) -> dict[str, Json]:
        """Return the reference; a component that is new is to be written."""
        key = (document.name, reference)
        if key not in self._found:
            parts = _follow(document.root, reference)
            content = spell_sorted(parts) if len(parts) < _MOST else "".join(key)
            steps = read_reference(reference)
            wanted = escape_id(_name_part(document, steps))
            known = self._contents.get((wanted, content))
            if known is None:
                known = wanted if wanted not in self.schemas else f"{wanted}.{_hash(content)}"
                self.schemas[known] = {}
                self._contents[wanted, content] = known
                is_type = len(steps) == 2 and steps[1] not in _FRAMES
                beyond = sorted(set().union(*map(_find_beyond, parts if is_type else parts[:1])))
                self._waiting.append(((document, _take(document.root, reference)), known, beyond))
            self._found[key] = known
        return {"$ref": f"#/components/schemas/{self._found[key]}"}

    def _translate(self, document: TaskDocument, schema: Json) -> Json:
        """Return a `schema` of the document in the words of draft 7."""
        if schema is NOWHERE:
            return {"description": "A schema that stands elsewhere."}
        if not isinstance(schema, dict):
            return schema
        said: dict[str, Json] = {}
        for keyword, value in schema.items():
            if keyword in _PLAIN or (_OWN.fullmatch(keyword) and keyword != INNER):
                if not mentions_reference(value):
                    said["x-format" if keyword == "format" and value not in _ASSERTED else keyword] = value
            elif keyword in _SCHEMAS:
                is_rest = keyword == "items" and "prefixItems" in schema
                spelled = "additionalItems" if is_rest else _SCHEMAS[keyword]
                said[spelled] = self._translate_parts(document, value)
            elif keyword in _NAMED:
                self._add_members(document, keyword, value, said)
        conditions = [*said.pop("allOf", ()), *self._depend(document, schema)]
        if isinstance(schema.get("$ref"), str):
            target = self._point(document, schema["$ref"])
            if not (said or conditions):
                return target
            conditions.append(target)
        return {**said, "allOf": conditions} if conditions else said

    def _translate_parts(self, document: TaskDocument, value: Json) -> Json:
        if isinstance(value, list):
            return [self._translate(document, part) for part in value]
        return self._translate(document, value)

    def _add_members(
        self, document: TaskDocument, keyword: str, members: dict[str, Json], said: dict[str, Json]
    ) -> None:
        """Add the schemas of members; one that is called `$ref` is spelled as a pattern."""
        for name, part in members.items():
            place, spelled = ("patternProperties", r"^\$ref$") if name == "$ref" else (keyword, name)
            said[place] = {**said.get(place, {}), spelled: self._translate(document, part)}

    def _depend(self, document: TaskDocument, schema: dict[str, Json]) -> Iterator[Json]:
        """Yield what `schema` asks for where a member is there, which draft 7 has another word for."""
        for keyword in ("dependentRequired", "dependentSchemas"):
            for name, part in schema.get(keyword, {}).items():
                asked = {"required": part} if isinstance(part, list) else self._translate(document, part)
                yield {"anyOf": [{"not": {"required": [name]}}, asked]}


def mentions_reference(value: Json) -> bool:
    """Return whether `value`, which is data, has a member that tools would take for a reference."""
    if isinstance(value, dict):
        return "$ref" in value or any(map(mentions_reference, value.values()))
    return isinstance(value, list) and any(map(mentions_reference, value))


def _find_beyond(schema: Json) -> set[str]:
    """Return the keywords of `schema` that draft 7 has no word for."""
    found = {keyword for keyword in _BEYOND if has_keyword(schema, frozenset((keyword,)))}
    return found | _find_data(schema)


def _find_data(schema: Json) -> set[str]:
    """Return `const` or `enum`, where one holds what would be taken for a reference."""
    if not isinstance(schema, dict):
        return set()
    found = {each for each in ("const", "enum") if mentions_reference(schema.get(each))}
    for keyword, value in schema.items():
        parts: Any = ()
        if keyword in ONE or keyword in LISTS:
            parts = value if isinstance(value, list) else [value]
        elif keyword in BY_NAME and isinstance(value, dict):
            parts = value.values()
        for part in parts:
            found |= _find_data(part)
    return found


def _follow(root: dict[str, Json], reference: str) -> list[Json]:
    """Return what `reference` leads to, and all that it refers to in turn, however these are named."""
    places = {reference: 0}
    waiting = deque([reference])
    parts: list[Json] = []

    def number(found: str) -> str:
        if found not in places:
            places[found] = len(places)
            waiting.append(found)
        return str(places[found])

    while waiting and len(parts) < _MOST:
        target = _take(root, waiting.popleft())
        parts.append(None if target is NOWHERE else change_references(target, number))
    return parts


def _take(root: dict[str, Json], reference: str) -> Json:
    """Return what `reference` leads to in this document; NOWHERE for another document's."""
    return follow_reference(root, reference) if reference.startswith("#/") else NOWHERE


def _name_part(document: TaskDocument, steps: list[str]) -> str:
    """Return the name of a part: behind its task's, but for what all tasks have, and for types."""
    if not steps:
        return f"{document.name}.elsewhere"
    return steps[-1] if len(steps) != 2 or steps[-1] in _SHARED else f"{document.name}.{steps[-1]}"


def _say_beyond(keywords: list[str]) -> dict[str, Json]:
    return {"description": f"Draft 7 cannot say it: {', '.join(keywords)}.", "x-not-said": keywords}


def _hash(content: str) -> str:
    from hashlib import sha256

    return sha256(content.encode()).hexdigest()[:8]
