"""What one task hands to the next in a chain or a chord, and where it lands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["find_first", "list_of", "pass_on"]

DEFS = "#/$defs/"


def find_first(task: TaskSpec) -> ParameterSpec | None:
    """Return the parameter that the result of the task before lands in, or None."""
    first = task.parameters[0] if task.parameters else None
    if first is None or first.kind not in ("positional-only", "positional-or-keyword"):
        return None
    return first


def pass_on(result: Json, *, chord: bool) -> Json:
    """Return the schema of what the next task gets: the result, or for a chord's body the list of all."""
    if not chord:
        return result
    if not isinstance(result, dict) or "$defs" not in result:
        return {"items": result, "type": "array"}
    item = {key: value for key, value in result.items() if key != "$defs"}
    return {"$defs": result["$defs"], "items": item, "type": "array"}


def list_of(results: Sequence[Json]) -> Json:
    """Return the schema of the list of exactly these results, one of each, in their order."""
    count = len(results)
    size: dict[str, Json] = {"minItems": count, "maxItems": count}
    if not count:
        return {"type": "array", "maxItems": 0}
    if all(result == results[0] for result in results):
        whole = pass_on(results[0], chord=True)
        return {**whole, **size} if isinstance(whole, dict) else whole
    definitions: dict[str, Json] = {}
    items: list[Json] = []
    for number, result in enumerate(results):
        items.append(_take_apart(result, f"{number}.", definitions))
    defs: dict[str, Json] = {"$defs": definitions} if definitions else {}
    return {"type": "array", "prefixItems": items, **size, **defs}


def _take_apart(schema: Json, prefix: str, definitions: dict[str, Json]) -> Json:
    """Return `schema` without its definitions, which go into `definitions` under names of their own."""
    if not isinstance(schema, dict):
        return schema
    own = schema.get("$defs")
    if isinstance(own, dict):
        definitions |= {f"{prefix}{name}": _rename(part, prefix) for name, part in own.items()}
    return _rename({key: value for key, value in schema.items() if key != "$defs"}, prefix)


def _rename(schema: Json, prefix: str) -> Json:
    if not isinstance(schema, dict):
        return schema
    renamed = change_parts(schema, lambda part: _rename(part, prefix))
    reference = renamed.get("$ref")
    if isinstance(reference, str) and reference.startswith(DEFS):
        return {**renamed, "$ref": f"{DEFS}{prefix}{reference.removeprefix(DEFS)}"}
    return renamed
