"""Whether the references inside a JSON Schema lead somewhere, and not only back to themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.pointers import NOWHERE, follow_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["find_ref_fault"]

IN_PLACE = ("not", "if", "then", "else")
IN_PLACE_LISTS = ("allOf", "anyOf", "oneOf")
"""The keywords whose schemas speak of the same value as the schema that they stand in."""


def find_ref_fault(root: Json, refs: list[str]) -> tuple[str, str] | None:
    """Return the JSON path of the first of `refs` in `root` that leads nowhere or in a circle, and which.

    Only pointers into this schema are followed; other URIs are the engine's to judge.
    """
    from graphlib import CycleError, TopologicalSorter

    links: dict[str, set[str]] = {}
    for ref in refs:
        if ref != "#" and not ref.startswith("#/"):
            continue
        target = follow_reference(root, ref)
        if target is NOWHERE:
            return _find_path(root, ref), f"$ref {ref!r} leads nowhere in this schema"
        links.setdefault(ref, set(_refs_in_place(target)))
    try:
        TopologicalSorter(links).prepare()
    except CycleError as error:
        circle = error.args[1]
        what = f"$ref {circle[0]!r} leads back to itself without saying anything of the value"
        return _find_path(root, circle[0]), what
    return None


def _find_path(root: Json, ref: str) -> str:
    """Return where in `root` the reference `ref` stands first."""
    waiting: list[tuple[str, Json]] = [("", root)]
    for path, value in waiting:
        if isinstance(value, dict):
            if value.get("$ref") == ref:
                return f"{path}.$ref"
            waiting += [(f"{path}.{name}", item) for name, item in value.items()]
        elif isinstance(value, list):
            waiting += [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    return ""


def _refs_in_place(schema: Json) -> Iterator[str]:
    if not isinstance(schema, dict):
        return
    if isinstance(schema.get("$ref"), str):
        yield schema["$ref"]
    for keyword in IN_PLACE:
        yield from _refs_in_place(schema.get(keyword))
    for keyword in IN_PLACE_LISTS:
        for item in schema.get(keyword, ()):
            yield from _refs_in_place(item)
