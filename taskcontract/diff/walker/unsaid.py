"""What a worker that checks no types is not said to take: beside it, nothing that is said is a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.diff.walker.nodes import resolve

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["leave_unsaid"]

NOTES = frozenset({"title", "description", "default", "examples", "$defs"})
DEEPEST = 20


def leave_unsaid(old: Json, new: Json) -> tuple[Json, Json]:
    """Return two schemas without those parts of the one of which the other says nothing.

    A type hint that was added to a parameter that had none (or `list[int]` where `list` stood) describes what
    the worker has always done; where nothing checks it, no message fares otherwise.
    """
    return _leave(old, new, (old, new), 0)


def _leave(old: Json, new: Json, roots: tuple[Json, Json], depth: int) -> tuple[Json, Json]:
    if depth > DEEPEST:
        return old, new
    before, after = resolve(old, roots[0]), resolve(new, roots[1])
    if _is_bare(before) or _is_bare(after):
        return True, True
    if not isinstance(before, dict) or not isinstance(after, dict):
        return old, new
    kind = before.get("type")
    if kind in ("array", "object") and kind == after.get("type"):
        if _is_bare(before, kind) or _is_bare(after, kind):
            return {"type": kind}, {"type": kind}
        inner = {key: _leave(before[key], after[key], roots, depth + 1) for key in _shared(before, after)}
        if inner:
            return {**before, **{k: v[0] for k, v in inner.items()}}, {
                **after,
                **{k: v[1] for k, v in inner.items()},
            }
        return old, new
    if "anyOf" in before or "anyOf" in after:
        return _leave_options(before, after, roots, depth)
    return old, new


def _leave_options(
    before: dict[str, Json], after: dict[str, Json], roots: tuple[Json, Json], depth: int
) -> tuple[Json, Json]:
    """Leave out of alternatives of one type what the other side's does not say."""
    sides = [_options(before), _options(after)]
    for at, one in enumerate(sides[0]):
        for place, other in enumerate(sides[1]):
            kinds = [_kind(resolve(each, root)) for each, root in zip((one, other), roots, strict=True)]
            if kinds[0] is not None and kinds[0] == kinds[1]:
                sides[0][at], sides[1][place] = _leave(one, other, roots, depth + 1)
                break
    return _with_options(before, sides[0]), _with_options(after, sides[1])


def _options(schema: dict[str, Json]) -> list[Json]:
    options = schema.get("anyOf")
    return list(options) if isinstance(options, list) else [schema]


def _with_options(schema: dict[str, Json], options: list[Json]) -> Json:
    return {**schema, "anyOf": options} if "anyOf" in schema else options[0]


def _kind(schema: Json) -> Json:
    return schema.get("type") if isinstance(schema, dict) else None


def _shared(before: dict[str, Json], after: dict[str, Json]) -> list[str]:
    """Return the keywords of both that hold the one schema of what is in an array or an object."""
    return [key for key in ("items", "additionalProperties") if key in before and key in after]


def _is_bare(schema: Json, kind: str = "") -> bool:
    """Return whether a schema says nothing, or nothing but that values are of the type `kind`."""
    if schema is True:
        return True
    if not isinstance(schema, dict):
        return False
    said = {key: value for key, value in schema.items() if key not in NOTES}
    return said == ({"type": kind} if kind else {})
