"""Which old parameter is which new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.equality import same_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec

    Parameters = tuple[ParameterSpec, ...]
    Match = tuple[ParameterSpec | None, ParameterSpec | None]

__all__ = ["match_parameters"]


def match_parameters(old: Parameters, new: Parameters) -> Iterator[Match]:
    """Old and new parameter side by side, in the old order, then those that came.

    Parameters match by name, variadics by kind. What remains counts as renamed when it stands at the same
    place between the same neighbours and its schema could be the old one's.
    """
    arrived = {_key(parameter): parameter for parameter in new}
    matched = {_key(parameter): arrived.pop(_key(parameter), None) for parameter in old}
    departed = [parameter for parameter in old if matched[_key(parameter)] is None]
    if departed and arrived:
        places = _places(new, arrived)
        for place, parameter in _places(old, {_key(p): p for p in departed}).items():
            successor = places.get(place)
            if successor is not None and _alike(parameter, successor):
                matched[_key(parameter)] = arrived.pop(_key(successor))
    for parameter in old:
        yield parameter, matched[_key(parameter)]
    for parameter in arrived.values():
        yield None, parameter


def _key(parameter: ParameterSpec) -> str:
    return f"*{parameter.kind}" if parameter.kind.startswith("var-") else parameter.name


def _places(
    parameters: Parameters, unmatched: dict[str, ParameterSpec]
) -> dict[tuple[str, str, int], ParameterSpec]:
    """Each unmatched parameter by how it is passed, its last matched neighbour and its rank after that."""
    places: dict[tuple[str, str, int], ParameterSpec] = {}
    neighbour, rank, way = "", 0, ""
    for parameter in parameters:
        if parameter.kind.startswith("var-"):
            continue
        passed = "keyword" if parameter.kind == "keyword-only" else "positional"
        if passed != way:
            neighbour, rank, way = "", 0, passed
        if parameter.name in unmatched:
            places[way, neighbour, rank] = parameter
            rank += 1
        else:
            neighbour, rank = parameter.name, 0
    return places


def _alike(old: ParameterSpec, new: ParameterSpec) -> bool:
    """Whether the new parameter could be the old one under another name."""
    if same_json(old.schema, new.schema):
        return True
    if old.kind == "keyword-only":
        return False
    types = _types_of(old.schema), _types_of(new.schema)
    return None in types or bool(set(types[0] or ()) & set(types[1] or ()))


def _types_of(schema: Json) -> list[str] | None:
    """Return the types that a plain schema names; None if it does not name them directly."""
    named = schema.get("type") if isinstance(schema, dict) else None
    return [named] if isinstance(named, str) else named
