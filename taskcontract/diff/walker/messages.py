"""A call as it would be sent: the shape that an engine found, filled with values that the old task took."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.comparison import witness_of
from taskcontract.diff.calls.shape import shape_of
from taskcontract.model.equality import same_json
from taskcontract.model.finding import Witness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from taskcontract.diff.calls.breaks import CallBreak
    from taskcontract.diff.walker.judging import Bench
    from taskcontract.diff.walker.samples import Samples
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["call_with", "messages_of", "shortest_call"]


def messages_of(item: CallBreak, old: TaskSpec, new: TaskSpec, bench: Bench) -> Iterator[Witness]:
    """Yield calls that show `item`, the best first, with values that the old schemas accept.

    Where the call still binds, the values are such as the new parameters take too, if there are any.
    """
    places, keywords = witness_of(item)
    before = _slots(bind_call(shape_of(old.parameters), places, keywords), old.parameters)
    after = _slots(bind_call(shape_of(new.parameters), places, keywords), new.parameters)
    for choose in (_choose_telling, _choose_any):
        values = {number: choose(slot, after.get(number), number, bench) for number, slot in before.items()}
        args = tuple(values[number] for number in places)
        yield Witness(args, {name: values[number] for name, number in keywords.items()})


def shortest_call(parameters: Sequence[ParameterSpec], samples: Samples) -> Witness:
    """Return a call with the required parameters alone, by keyword where that is possible."""
    return _call(parameters, None, None, samples.value_for)


def call_with(old: TaskSpec, new: TaskSpec, name: str, value: Json, bench: Bench) -> Witness:
    """Return the shortest call of the old side in which the parameter `name` gets `value`.

    For a variadic one, one item gets it. All others get what both sides take, if they can.
    """
    after = {parameter.name: parameter for parameter in new.parameters}

    def choose(parameter: ParameterSpec, number: int) -> Json:
        there = after.get(parameter.name)
        slot = None if there is None else (there, there.name)
        return _choose_telling((parameter, parameter.name), slot, number, bench)

    parameters = old.parameters
    return _call(parameters, next(p for p in parameters if p.name == name), value, choose)


def _call(
    parameters: Sequence[ParameterSpec],
    target: ParameterSpec | None,
    value: Json,
    choose: Callable[[ParameterSpec, int], Json],
) -> Witness:
    rest = target is not None and target.kind == "var-positional"
    reachable = ("positional-only", "positional-or-keyword") if rest else ("positional-only",)
    places = [p for p in parameters if p.kind in reachable]
    if not rest:
        places = places[: 1 + max((i for i, p in enumerate(places) if p.required or p is target), default=-1)]
    named = [p for p in parameters if p not in places and not p.kind.startswith("var-")]
    sent = [p for p in (*places, *named) if p.required or p in places]
    numbers = {p.name: number for number, p in enumerate(parameters, 1)}
    given = {p.name: choose(p, numbers[p.name]) for p in sent if p is not target}
    if target is not None:
        given[target.name] = value
    args = [given[p.name] for p in places]
    kwargs = {p.name: given[p.name] for p in named if p.required or p is target}
    if target is not None and rest:
        args.append(value)
    elif target is not None and target.kind == "var-keyword":
        kwargs["extra"] = value
    return Witness(tuple(args), kwargs)


_Slot = tuple["ParameterSpec", str]
"""A parameter, and what a value for it is called: its name, or the keyword that `**kwargs` takes it under."""


def _slots(binding: dict[str, Any] | None, parameters: Sequence[ParameterSpec]) -> dict[int, _Slot]:
    """Map each number in the engine's call to the slot that it is bound to."""
    slots: dict[int, _Slot] = {}
    for parameter in parameters:
        bound = (binding or {}).get(parameter.name)
        if bound is None:
            continue
        if parameter.kind == "var-positional":
            slots |= dict.fromkeys(bound, (parameter, parameter.name))
        elif parameter.kind == "var-keyword":
            slots |= {number: (parameter, name) for name, number in bound.items()}
        else:
            slots[bound] = parameter, parameter.name
    return slots


def _choose_telling(before: _Slot, after: _Slot | None, number: int, bench: Bench) -> Json:
    """Return a readable value that both sides accept; one for the old side alone if there is none."""
    parameter, label = before
    sample = bench.samples.value_for(parameter, number, label)
    if after is None or same_json(after[0].schema, parameter.schema) or bench.takes(after[0], sample):
        return sample
    other = bench.samples.value_for(after[0], number, label)
    return other if bench.takes(parameter, other) and bench.takes(after[0], other) else sample


def _choose_any(before: _Slot, after: _Slot | None, number: int, bench: Bench) -> Json:
    """Whatever the engine knows the old parameter to take."""
    return bench.samples.member_of(before[0].schema)
