"""Which of its declared alternatives a value is: a member of an enum, or an object told by its tag.

Alternatives of different JSON types are told by the type. A label is a text of the declaration, never one of
a message; values of secret parameters have none.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.model.pointers import NOWHERE, follow_reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.declare.slots import Slot
    from taskcontract.model.canonical import Json

__all__ = ["Alternatives", "DeclaredAlternatives", "find_alternatives", "find_declared"]

MOST_ALTERNATIVES = 50
"""Of a type with more of them, the shapes of calls would not be few."""

LONGEST_LABEL = 60

DEEPEST = 8
"""How far references and nested unions are followed."""


class Alternatives(NamedTuple):
    """What a schema's alternatives are called: members by their type and value, objects by their `tag`'s."""

    members: Mapping[tuple[type, Any], str]
    tag: str
    tagged: Mapping[tuple[type, Any], str]
    schemas: Mapping[str, Json]
    """The schema of each, by its label."""

    def label(self, value: Any) -> str:
        """Return which of them `value` is; empty where that is not to be told."""
        kind = type(value)
        if kind is dict:
            value, found = value.get(self.tag), self.tagged
            kind = type(value)
        else:
            found = self.members
        return found.get((kind, value), "") if kind in (str, int, bool) else ""


class DeclaredAlternatives(NamedTuple):
    """Those of a task's parameters: by place, of `*args`, by name, of `**kwargs`."""

    places: tuple[Alternatives | None, ...]
    rest: Alternatives | None
    names: Mapping[str, Alternatives | None]
    extra: Alternatives | None

    def label(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[str, ...]:
        """Return a label for each argument of a call; empty where there is none."""
        places, known = self.places, len(self.places)
        by_place = [
            (places[place] if place < known else self.rest, value) for place, value in enumerate(args)
        ]
        by_name = [(self.names.get(name, self.extra), value) for name, value in kwargs.items()]
        return tuple(each.label(value) if each else "" for each, value in (*by_place, *by_name))


def find_declared(slots: Sequence[Slot]) -> DeclaredAlternatives | None:
    """Return the alternatives of a task's parameters; None where there is nothing to tell."""
    found = {slot.name: _of_slot(slot) for slot in slots}
    if not any(found.values()):
        return None
    kinds = {slot.kind: found[slot.name] for slot in slots}
    named = ("positional-or-keyword", "keyword-only")
    return DeclaredAlternatives(
        tuple(found[slot.name] for slot in slots if slot.kind.startswith("positional")),
        kinds.get("var-positional"),
        {slot.name: found[slot.name] for slot in slots if slot.kind in named},
        kinds.get("var-keyword"),
    )


def _of_slot(slot: Slot) -> Alternatives | None:
    core = slot.item.core
    is_simple = core is not None and all(each["type"] != "literal" for each in core.get("choices", (core,)))
    if slot.secret or is_simple:  # which spares a worker the import of pydantic
        return None
    return find_alternatives(slot.item.schema("read"))


def find_alternatives(schema: Json) -> Alternatives | None:
    """Return what the alternatives of `schema` are called; None where it has none to tell apart."""
    leaves = list(_leaves(schema, schema, "", DEEPEST))
    schemas: dict[str, Json] = {}
    members: dict[tuple[type, Any], str] = {}
    for _, leaf in leaves:
        for value in _values(leaf):
            label = json.dumps(value)
            if type(value) in (str, int, bool) and len(label) <= LONGEST_LABEL:
                members[type(value), value] = label
                schemas[label] = {"const": value}
    # What else is said of all of them stays, and so do the definitions that references lead to.
    whole = (
        schema if isinstance(schema, dict) and not schema.keys() & {"type", "properties", "required"} else {}
    )
    tag, tagged = _find_tag([(name, leaf) for name, leaf in leaves if _is_object(leaf)])
    for (_, value), name in tagged.items():
        schemas[name] = {**whole, "type": "object", "properties": {tag: {"const": value}}, "required": [tag]}
    if (not members and not tagged) or len(schemas) > MOST_ALTERNATIVES:
        return None
    return Alternatives(members, tag, tagged, schemas)


def _leaves(root: Json, schema: Json, name: str, depth: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield each alternative with its name; what is too deep is left out, and told by its type alone."""
    if not isinstance(schema, dict) or not depth:
        return
    ref = schema.get("$ref")
    if isinstance(ref, str):
        target = follow_reference(root, ref)
        if target is not NOWHERE:
            yield from _leaves(root, target, ref.rpartition("/")[2], depth - 1)
        return
    choices = schema.get("anyOf") or schema.get("oneOf")
    if isinstance(choices, list):
        for choice in choices:
            yield from _leaves(root, choice, name, depth - 1)
        return
    title = schema.get("title")
    yield name or (title if isinstance(title, str) else ""), schema


def _values(leaf: Mapping[str, Any]) -> list[Any]:
    """Return the values that a schema lists."""
    if "const" in leaf:
        return [leaf["const"]]
    listed = leaf.get("enum")
    return listed if isinstance(listed, list) else []


def _is_object(leaf: Mapping[str, Any]) -> bool:
    return leaf.get("type") == "object"


def _find_tag(objects: Sequence[tuple[str, dict[str, Any]]]) -> tuple[str, dict[tuple[type, Any], str]]:
    """Return the property whose value tells each of `objects` from all others, and the name of each by it."""
    if len(objects) < 2:
        return "", {}
    for tag in objects[0][1].get("properties", {}):
        tagged: dict[tuple[type, Any], str] = {}
        for name, leaf in objects:
            values = (
                _values(leaf.get("properties", {}).get(tag, {})) if tag in leaf.get("required", ()) else []
            )
            if len(values) == 1 and type(values[0]) in (str, int):
                tagged[type(values[0]), values[0]] = name if _fits(name) else json.dumps(values[0])
        labels = set(tagged.values())
        if len(labels) == len(objects) and all(map(_fits, labels)):
            return tag, tagged
    return "", {}


def _fits(label: str) -> bool:
    return 0 < len(label) <= LONGEST_LABEL
