"""Whether a call is taken, by the two sides of a comparison: by their own code, else by their specs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.shape import shape_of, signature_of
from taskcontract.diff.judge import TAKEN, UNKNOWN, Judge, Judgement
from taskcontract.diff.walker.nodes import read_node
from taskcontract.diff.walker.phrases import say_node
from taskcontract.errors import SpecError
from taskcontract.model.python_text import spell_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.diff.walker.engine import SchemaEngine
    from taskcontract.diff.walker.samples import Samples
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec, TaskSpec

__all__ = ["Bench", "bind"]

SHAPE = "no parameter takes one of its arguments, or one is missing"


class Bench(NamedTuple):
    """The judges of both sides, where there are any, and the engine of schemas that stands in for them."""

    engine: SchemaEngine
    samples: Samples
    old: Judge | None = None
    new: Judge | None = None

    def judge_old(self, task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json]) -> Judgement:
        """Return what the old side does with a call of `task`."""
        return self._judge(self.old, task, args, kwargs)

    def judge_new(self, task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json]) -> Judgement:
        """Return what the new side does with a call of `task`."""
        return self._judge(self.new, task, args, kwargs)

    def takes(self, parameter: ParameterSpec, value: Json) -> bool:
        """Whether `value` is proved to be one that `parameter` takes."""
        try:
            return self.engine.takes(parameter.schema, value)
        except SpecError:  # it is reported where the schema itself is compared
            return False

    def _judge(
        self, judge: Judge | None, task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json]
    ) -> Judgement:
        found = judge.judge(task.wire_name, args, kwargs) if judge is not None else None
        if found is None:
            return self._judge_by_spec(task, args, kwargs)
        # Where types are not enforced, a call is not refused for its values.
        return found if task.enforced or found.by_shape else TAKEN

    def _judge_by_spec(self, task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json]) -> Judgement:
        if not task.enforced:
            return _judge_by_python(task, args, kwargs)
        binding = bind(task, args, kwargs)
        if binding is None:
            return Judgement(SHAPE, by_shape=True)
        if self.engine.budget.used_up:
            return UNKNOWN
        known = True
        for parameter, value in _pairs(task, binding):
            try:
                if self.engine.refuses(parameter.schema, value):
                    return Judgement(_say_refusal(parameter, value))
                known = known and self.engine.takes(parameter.schema, value)
            except SpecError:
                known = False
        return TAKEN if known else UNKNOWN


def _judge_by_python(task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json]) -> Judgement:
    """Return what Python does with the call: all that a worker without bindings looks at.

    Where the parameters have names that no Python function can have, it is not known.
    """
    try:
        signature = signature_of(task.parameters)
    except ValueError:
        return UNKNOWN
    try:
        signature.bind(*args, **kwargs)
    except TypeError as error:
        return Judgement(str(error), by_shape=True)
    return TAKEN


def bind(task: TaskSpec, args: Sequence[Json], kwargs: Mapping[str, Json]) -> dict[str, Any] | None:
    """Parameter name to value, variadics as a list and a dict; None where the call does not bind."""
    binding = bind_call(shape_of(task.parameters), tuple(args), kwargs)
    if binding is None:
        return None
    return {name: list(value) if isinstance(value, tuple) else value for name, value in binding.items()}


def _pairs(task: TaskSpec, binding: dict[str, Any]) -> Iterator[tuple[ParameterSpec, Json]]:
    for parameter in task.parameters:
        if parameter.name not in binding:
            continue
        value = binding[parameter.name]
        if parameter.kind == "var-positional":
            yield from ((parameter, item) for item in value)
        elif parameter.kind == "var-keyword":
            yield from ((parameter, item) for item in value.values())
        else:
            yield parameter, value


def _say_refusal(parameter: ParameterSpec, value: Json) -> str:
    node = read_node(parameter.schema, parameter.schema)
    fits = read_node({"const": value}, True).types or frozenset({"null"})
    if node.types is not None and not (fits <= node.types or (value is None and node.nullable)):
        return f"`{parameter.name}` must be {say_node(node)}"
    return f"`{parameter.name}` does not take {spell_json(value)}"
