"""A schema of a spec as a part of a larger document: its references lead on, and every validator reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.model.checks import INNER
from taskcontract.model.schema_parts import BY_NAME, LISTS, ONE, change_parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json

__all__ = ["change_references", "embed", "has_keyword"]

_RESOURCE = frozenset(("$anchor", "$dynamicAnchor", "$dynamicRef", "$id", "$recursiveRef", "$schema"))
"""Keywords that make a schema a document of its own, in which its references are to be read."""

_EMPTY = frozenset(("allOf", "anyOf", "oneOf", "prefixItems", "type"))
"""Keywords whose lists the standard does not let be empty."""

_NOTES: dict[str, type] = {
    **dict.fromkeys(("$comment", "contentEncoding", "contentMediaType", "description", "title"), str),
    **dict.fromkeys(("deprecated", "readOnly", "writeOnly"), bool),
    "examples": list,
}
"""Keywords that assert nothing, each with what the standard lets it hold."""


def embed(schema: Json, pointer: str, uri: str) -> Json:
    """Return `schema` as it stands at `pointer` (`#/$defs/a`) in a document.

    One that has a base URI or anchors of its own stays a document of its own, called `uri`.
    """
    tidied = _tidy(schema)
    if isinstance(tidied, dict) and has_keyword(tidied, _RESOURCE):
        return {"$id": uri, **tidied}
    return change_references(tidied, lambda reference: _lead_on(reference, pointer))


def change_references(schema: Json, change: Callable[[str], str]) -> Json:
    """Return `schema` with each of its references replaced by `change`."""
    if not isinstance(schema, dict):
        return schema
    changed = change_parts(schema, lambda part: change_references(part, change))
    if INNER in changed:
        changed = {**changed, INNER: change_references(changed[INNER], change)}
    reference = changed.get("$ref")
    return {**changed, "$ref": change(reference)} if isinstance(reference, str) else changed


def has_keyword(schema: Json, keywords: frozenset[str]) -> bool:
    """Return whether `schema`, or one inside it, uses one of the `keywords`."""
    if not isinstance(schema, dict):
        return False
    if schema.keys() & keywords:
        return True
    for keyword, value in schema.items():
        parts: Any = ()
        if keyword in ONE:
            parts = value if isinstance(value, list) else (value,)
        elif keyword in LISTS and isinstance(value, list):
            parts = value
        elif keyword in BY_NAME and isinstance(value, dict):
            parts = value.values()
        if any(has_keyword(part, keywords) for part in parts):
            return True
    return False


def _lead_on(reference: str, pointer: str) -> str:
    if reference in ("", "#"):
        return pointer
    return f"{pointer}{reference[1:]}" if reference.startswith("#/") else reference


def _tidy(schema: Json) -> Json:
    """Return `schema` as the standard spells it: a spec may hold more than that, with the same meaning."""
    if not isinstance(schema, dict):
        return schema
    tidied: dict[str, Json] = {}
    for keyword, value in change_parts(schema, _tidy).items():
        note = _NOTES.get(keyword)
        if note is not None and not isinstance(value, note):
            continue
        if keyword in _EMPTY and value == []:
            if keyword in ("anyOf", "oneOf", "type"):  # one of nothing: no value at all
                tidied["allOf"] = [*tidied.get("allOf", ()), False]
            continue
        if keyword == "allOf":
            tidied[keyword] = [*value, *tidied.get("allOf", ())]
        else:
            tidied[keyword] = _each_once(value) if keyword in ("type", "required") else value
    if isinstance(tidied.get("items"), list):  # draft 7
        first, rest = tidied.pop("items"), tidied.pop("additionalItems", None)
        tidied.update({"prefixItems": first} if first else {})
        tidied.update({} if rest is None else {"items": rest})
    return tidied


def _each_once(value: Json) -> Json:
    return list(dict.fromkeys(value)) if isinstance(value, list) else value
