"""The API of tasks as their callers use it: what was sent says what a signature without types does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.shape import shape_of
from taskcontract.model.service import MISSING, ParameterSpec, TaskSpec
from taskcontract.usage.call_shape import KINDS, UNTOLD, read_shape

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from taskcontract.model.canonical import Json
    from taskcontract.usage.call_shape import CallShape
    from taskcontract.usage.use import Counted

__all__ = ["ObservedTask", "observe_tasks"]


@dataclass(frozen=True, slots=True)
class ObservedTask:
    """A task as it was called: `task` takes each call whose shape was told, and has the observed types.

    `is_known`: its signature is the code's own; else it is guessed from the calls. Of its `calls`, `untold`
    have a shape that was not told, and `misfits` are refused by the known signature.
    """

    task: TaskSpec
    is_known: bool
    calls: int
    consumers: int
    untold: int
    misfits: int


def observe_tasks(counted: Counted, known: Mapping[str, TaskSpec]) -> list[ObservedTask]:
    """Return the tasks that were called without a version, by name; `known` has the signatures of some."""
    names = sorted({use.key.task for use in counted.uses if not use.key.version})
    return [_observe(name, counted, known.get(name)) for name in names]


def _observe(name: str, counted: Counted, known: TaskSpec | None) -> ObservedTask:
    uses = [use for use in counted.uses if use.key.task == name]
    sent: list[tuple[CallShape, int]] = []
    for each in counted.shapes:
        shape = read_shape(each.shape) if each.key.task == name else None
        if shape is not None:
            sent.append((shape, each.count))
    calls = sum(use.count for use in uses)
    told = sum(count for _, count in sent)
    if known is None:
        task, misfits = _guess(name, [shape for shape, _ in sent]), 0
    else:
        task, misfits = _fill(known, sent)
    consumers = len({use.key.consumer for use in uses})
    return ObservedTask(task, known is not None, calls, consumers, max(0, calls - told), misfits)


def _fill(task: TaskSpec, sent: Iterable[tuple[CallShape, int]]) -> tuple[TaskSpec, int]:
    """Return `task` with the observed types of the parameters that have none, and how many calls misfit."""
    shape, misfits = shape_of(task.parameters), 0
    seen: dict[str, set[str]] = {}
    for call, count in sent:
        bound = bind_call(shape, call.positionals, dict(call.keywords))
        if bound is None:
            misfits += count
            continue
        for name, kinds in bound.items():
            seen.setdefault(name, set()).update(_kinds_of(kinds))
    parameters = tuple(
        replace(each, schema=_schema(seen.get(each.name, set()), each.default))
        if each.schema is True
        else each
        for each in task.parameters
    )
    return replace(task, parameters=parameters), misfits


def _kinds_of(bound: Any) -> Iterator[str]:
    """Yield the types that were bound to a parameter: of `*args` and `**kwargs`, those of each item."""
    match bound:
        case str():
            yield bound
        case tuple():
            yield from bound
        case dict():
            yield from bound.values()


def _guess(name: str, sent: list[CallShape]) -> TaskSpec:
    """Return a signature that takes what was sent: by position as it came, the rest by its keywords."""
    most = max((len(shape.positionals) for shape in sent), default=0)
    least = min((len(shape.positionals) for shape in sent), default=0)
    keywords = sorted({keyword for shape in sent for keyword in shape.names})
    named = [keyword for keyword in keywords if keyword.isidentifier() and not iskeyword(keyword)]
    begin = "arg"
    while any(keyword.startswith(begin) for keyword in named):
        begin += "_"
    parameters: list[ParameterSpec] = []
    for place in range(most):
        kinds = {shape.positionals[place] for shape in sent if place < len(shape.positionals)}
        default: Any = MISSING if place < least else None
        spec = ParameterSpec(f"{begin}{place + 1}", "positional-only", _schema(kinds, default), default)
        parameters.append(spec)
    for keyword in named:
        found = [dict(shape.keywords).get(keyword) for shape in sent]
        default = MISSING if all(found) else None
        kinds = {kind for kind in found if kind}
        parameters.append(ParameterSpec(keyword, "keyword-only", _schema(kinds, default), default))
    if len(named) < len(keywords):
        parameters.append(ParameterSpec(f"{begin}_more", "var-keyword"))
    return TaskSpec(name, "", name, tuple(parameters), enforced=False)


def _schema(kinds: set[str], default: Any = MISSING) -> Json:
    """Return the schema of the values that were seen; True where a type was not told, or none but null."""
    types = {kind.partition(":")[0] for kind in kinds}
    if UNTOLD in types or not types - {"null"}:
        return True
    if default is not MISSING:  # bindings refuse a default that is not of its type
        types.add(KINDS[type(default)])
    if "number" in types:
        types.discard("integer")
    listed = sorted(types - {"null"}) + (["null"] if "null" in types else [])
    choices: list[Json] = [{"type": each} for each in listed]
    return choices[0] if len(choices) == 1 else {"anyOf": choices}
