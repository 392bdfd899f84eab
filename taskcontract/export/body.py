"""The body of a call as Celery sends it, `[args, kwargs, embed]`, as the JSON Schema of a signature.

It accepts what Python binds, each argument by its place or by its name and never by both, with values that
the parameters' schemas accept. It grows with the number of parameters, not with the ways to pass them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.pointers import spell_reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec, ParameterSpec

__all__ = ["name_carried", "name_parameter", "write_body"]

POSITIONAL = ("positional-only", "positional-or-keyword")
NAMED = ("positional-or-keyword", "keyword-only")


def name_parameter(name: str) -> str:
    """Return the name under which the schema of a parameter stands in its document."""
    return f"parameter.{name}"


def name_carried(name: str) -> str:
    """Return the name under which the schema of what calls carry stands in a document."""
    return f"carried.{name}"


def write_body(parameters: Sequence[ParameterSpec], carried: Iterable[CarriedSpec]) -> dict[str, Json]:
    """Return the schema of the bodies; `carried` stands among the keywords, and no parameter takes it.

    The schemas of all of these stand in the same document, under the names that this module gives them.
    """
    conditions = [
        _pass_once(place, each)
        for place, each in enumerate(each for each in parameters if each.kind in POSITIONAL)
        if each.kind in NAMED
    ]
    body: dict[str, Json] = {
        "description": "args, kwargs, and what comes after the call",
        "type": "array",
        "prefixItems": [_write_args(parameters), _write_kwargs(parameters, carried), _refer("embed")],
        "minItems": 3,
        "maxItems": 3,
    }
    return {**body, "allOf": conditions} if conditions else body


def _write_args(parameters: Sequence[ParameterSpec]) -> Json:
    placed = [each for each in parameters if each.kind in POSITIONAL]
    rest = next((each for each in parameters if each.kind == "var-positional"), None)
    least = sum(each.required for each in placed if each.kind == "positional-only")
    args: dict[str, Json] = {"type": "array"}
    if placed:
        args["prefixItems"] = [_refer(name_parameter(each.name)) for each in placed]
    if rest is None:
        args["maxItems"] = len(placed)
    else:
        args["items"] = _refer(name_parameter(rest.name))
    return {**args, "minItems": least} if least else args


def _write_kwargs(parameters: Sequence[ParameterSpec], carried: Iterable[CarriedSpec]) -> Json:
    rest = next((each for each in parameters if each.kind == "var-keyword"), None)
    named = {each.name: _refer(name_parameter(each.name)) for each in parameters if each.kind in NAMED}
    required: list[Json] = [each.name for each in parameters if each.kind == "keyword-only" and each.required]
    for each in carried:
        named[each.key] = _refer(name_carried(each.name))
        required += [each.key] if each.required else []
    kwargs: dict[str, Json] = {
        "type": "object",
        "properties": named,
        "additionalProperties": False if rest is None else _refer(name_parameter(rest.name)),
    }
    return {**kwargs, "required": required} if required else kwargs


def _pass_once(place: int, parameter: ParameterSpec) -> Json:
    """Return the condition that a parameter which may be passed in two ways is passed in one of them.

    It is the last of `args` that reaches it, or none does and its name may be there, or has to be.
    """
    among: Json = {"required": [parameter.name]}
    by_place: Json = {"prefixItems": [{"minItems": place + 1}, {"not": among}]}
    by_name: Json = {
        "prefixItems": [{"maxItems": place}, among] if parameter.required else [{"maxItems": place}]
    }
    return {"anyOf": [by_place, by_name]}


def _refer(name: str) -> dict[str, Json]:
    return {"$ref": spell_reference("$defs", name)}
