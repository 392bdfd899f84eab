"""A schema as JSON text: what tells whether two are the same, and whether it is JSON at all."""

from __future__ import annotations

import json
from math import isfinite
from typing import TYPE_CHECKING, cast

from taskcontract.diff.schemas.places import ROOT, refuse

if TYPE_CHECKING:
    from taskcontract.diff.schemas.places import Place
    from taskcontract.diff.schemas.values import Json

_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False)


def render_schema(schema: Json) -> str:
    """Return the canonical JSON of a schema; raise SpecError, with the place, for what is not JSON."""
    try:
        return _ENCODER.encode(schema)
    except RecursionError:
        refuse(ROOT, "the schema is nested too deeply", "Name its parts in `$defs` and refer to them.")
    except (TypeError, ValueError) as error:
        place, what = _find_fault(schema)
        refuse(place, what or f"the schema is not JSON ({error})", "Write plain JSON values only.")


def _find_fault(schema: Json) -> tuple[Place, str]:
    waiting: list[tuple[Json, Place, frozenset[int]]] = [(schema, ROOT, frozenset())]
    while waiting:
        current, place, around = waiting.pop()
        if isinstance(current, dict | list | tuple):
            if id(cast("object", current)) in around:
                return place, "the schema contains itself"
            inside = around | {id(cast("object", current))}
            if isinstance(current, dict):
                for name, member in cast("dict[object, Json]", current).items():
                    if not isinstance(name, str):
                        return place, f"the key {name!r} is not a string"
                    waiting.append((member, (place, name), inside))
            else:
                items = cast("list[Json]", current)
                waiting.extend((item, (place, at), inside) for at, item in enumerate(items))
        elif isinstance(current, float) and not isfinite(current):
            return place, f"{current} is not JSON"
        elif not isinstance(current, str | int | float | None):
            return place, f"{current!r} is not JSON"
    return ROOT, ""
