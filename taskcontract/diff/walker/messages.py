"""A call as it would be sent: the shape that an engine found, filled with values that the old task took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.comparison import witness_of
from taskcontract.diff.walker.samples import sample_value
from taskcontract.model.finding import Witness

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taskcontract.diff.calls.breaks import CallBreak
    from taskcontract.diff.walker.signatures import SignaturePair
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec

__all__ = ["call_with", "message_of", "shortest_call"]


def message_of(item: CallBreak, signature: SignaturePair) -> Witness:
    """The call that shows `item`, with values that the old schemas take; if it is silent, both bindings."""
    places, keywords = witness_of(item)
    by_number = _values(bind_call(signature.old_shape, places, keywords) or {}, signature.old)
    args = tuple(by_number[number] for number in places)
    kwargs = {name: by_number[number] for name, number in keywords.items()}
    if not item.silent:
        return Witness(args, kwargs)
    old = bind_call(signature.old_shape, args, kwargs)
    new = bind_call(signature.new_shape, args, kwargs)
    return Witness(args, kwargs, old_binding=_as_json(old), new_binding=_as_json(new))


def shortest_call(parameters: Sequence[ParameterSpec]) -> Witness:
    """A call with the required parameters alone: by keyword wherever that can be."""
    return _call(parameters, None, None)


def call_with(parameters: Sequence[ParameterSpec], name: str, value: Json) -> Witness:
    """The shortest call in which the parameter `name` gets `value`; for a variadic one, one item gets it."""
    return _call(parameters, next(p for p in parameters if p.name == name), value)


def _call(parameters: Sequence[ParameterSpec], target: ParameterSpec | None, value: Json) -> Witness:
    rest = target is not None and target.kind == "var-positional"
    reachable = ("positional-only", "positional-or-keyword") if rest else ("positional-only",)
    places = [p for p in parameters if p.kind in reachable]
    if not rest:
        places = places[: 1 + max((i for i, p in enumerate(places) if p.required or p is target), default=-1)]
    named = [p for p in parameters if p not in places and not p.kind.startswith("var-")]
    given = {p.name: sample_value(p, number) for number, p in enumerate(parameters, 1) if p is not target}
    if target is not None:
        given[target.name] = value
    args = [given[p.name] for p in places]
    kwargs = {p.name: given[p.name] for p in named if p.required or p is target}
    if target is not None and rest:
        args.append(value)
    elif target is not None and target.kind == "var-keyword":
        kwargs["extra"] = value
    return Witness(tuple(args), kwargs)


def _values(binding: dict[str, Any], parameters: Sequence[ParameterSpec]) -> dict[int, Json]:
    """Number in the engine's call -> a value for the parameter that it bound to."""
    values: dict[int, Json] = {}
    for parameter in parameters:
        bound = binding.get(parameter.name)
        if bound is None:
            continue
        if parameter.kind == "var-positional":
            values |= {number: sample_value(parameter, number) for number in bound}
        elif parameter.kind == "var-keyword":
            values |= {number: sample_value(parameter, number, name) for name, number in bound.items()}
        else:
            values[bound] = sample_value(parameter, bound)
    return values


def _as_json(binding: dict[str, Any] | None) -> dict[str, Any] | None:
    if binding is None:
        return None
    return {name: list(value) if isinstance(value, tuple) else value for name, value in binding.items()}
