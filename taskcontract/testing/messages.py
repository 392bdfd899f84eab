"""Hypothesis strategies for what travels: the calls that a version takes, and the results that it gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from hypothesis import strategies as st
from pydantic_core import ValidationError

from taskcontract.declare.examples import with_examples
from taskcontract.declare.refusal import refusal_of
from taskcontract.declare.slots import HOLE
from taskcontract.testing.json_values import values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy

    from taskcontract.declare.binder import Binder
    from taskcontract.declare.codec import Codec
    from taskcontract.declare.slots import Slot
    from taskcontract.declare.task import Task
    from taskcontract.model.service import ParameterKind

__all__ = [
    "RETURN",
    "Given",
    "Message",
    "Parameter",
    "arguments_of",
    "calls_of",
    "calls_with",
    "results_of",
    "values_for",
]

Message: TypeAlias = "tuple[tuple[Any, ...], dict[str, Any]]"
"""A message's args and kwargs."""

Given: TypeAlias = "Mapping[str | type[Exception], SearchStrategy[Any]]"
"""What a caller gives for one version: strategies of typed values, by parameter, and of errors, by class."""

RETURN = "return"
"""The name that a result goes by among a task's strategies, as in a function's annotations."""


class Parameter(NamedTuple):
    """One parameter of a signature, with the values that are drawn for it."""

    name: str
    kind: ParameterKind
    required: bool
    values: SearchStrategy[Any]


def calls_of(task: Task[..., Any], given: Given) -> SearchStrategy[Message]:
    """Generate messages' args and kwargs, in their JSON form, that `task` takes, passed in every allowed way.

    `given` are strategies of typed values, by parameter; the others come from the types' schemas.
    """
    return calls_with([_parameter_of(slot, _encoded(task, slot, given)) for slot in task.binder.slots])


def arguments_of(binder: Binder) -> SearchStrategy[Message]:
    """Typed args and kwargs of a call of any function, from its parameters' types."""
    calls = calls_with([_parameter_of(slot, _valid(slot.item)) for slot in binder.slots])
    return calls.map(lambda call: binder.decode_call(*call))


def _parameter_of(slot: Slot, values: SearchStrategy[Any]) -> Parameter:
    return Parameter(slot.name, slot.kind, slot.default is HOLE, values)


@st.composite
def calls_with(draw: DrawFn, parameters: Sequence[Parameter], hidden: Iterable[str] = ()) -> Message:
    """Args and kwargs of calls of a signature, passed in every allowed way: by place, by name, left out.

    No keyword is called like one of the `hidden` ones, which are no arguments.
    """
    args: list[Any] = []
    kwargs: dict[str, Any] = {}
    positional = True
    taken = {each.name for each in parameters if each.kind != "positional-only"}.union(hidden)
    for name, kind, required, values in parameters:
        if kind == "var-positional":
            args.extend(draw(st.lists(values, max_size=3)) if positional else ())
        elif kind == "var-keyword":
            names = st.text().filter(lambda each: each not in taken)
            kwargs.update(draw(st.dictionaries(names, values, max_size=3)))
        elif not required and not draw(st.booleans()):
            positional = False
        elif kind == "positional-only":
            if positional:  # one that follows an argument left out can't be given
                args.append(draw(values))
        elif kind == "keyword-only" or not positional or draw(st.booleans()):
            kwargs[name] = draw(values)
            positional = False
        else:
            args.append(draw(values))
    return tuple(args), kwargs


def results_of(task: Task[..., Any], given: Given) -> SearchStrategy[Any]:
    """Typed results of `task`."""
    if RETURN in given:
        return given[RETURN]
    return values_for(task.binder.result)


def _encoded(task: Task[..., Any], slot: Slot, given: Given) -> SearchStrategy[Any]:
    def encode(value: Any) -> Any:
        try:
            return slot.item.encode(slot.item.check(value))
        except ValidationError as error:
            raise refusal_of(task.function, slot, value, error) from None

    return given[slot.name].map(encode) if slot.name in given else _valid(slot.item)


def values_for(codec: Codec) -> SearchStrategy[Any]:
    """Typed values of a type, as a receiver gets them."""
    return _valid(codec).map(codec.decode)


def _valid(codec: Codec) -> SearchStrategy[Any]:
    """JSON values that the type itself takes: it may want more than its schema can say."""

    def is_valid(value: Any) -> bool:
        try:
            codec.decode(value)
        except ValidationError:
            return False
        return True

    return values_of(with_examples(codec.schema("read"), codec)).filter(is_valid)
