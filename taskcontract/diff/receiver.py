"""A worker of which only the spec is known, asked what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from taskcontract.diff.budget import ProofBudget
from taskcontract.diff.calls.binding import bind_call
from taskcontract.diff.calls.shape import shape_of, signature_of
from taskcontract.diff.walker.engine import SchemaEngine
from taskcontract.diff.walker.plain_values import ValueChecks
from taskcontract.model.service import HEADER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from inspect import Signature

    from taskcontract.diff.calls.shape import Shape
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import CarriedSpec, ParameterSpec, ServiceSpec, TaskSpec

__all__ = [
    "GONE",
    "TAKEN",
    "UNKNOWN",
    "Call",
    "SpecReceiver",
    "Taking",
    "find_shapes",
    "say_sunset",
    "say_value",
]


class Call(Protocol):
    """A call as its message has it: `task` is the wire name."""

    @property
    def task(self) -> str:
        """The task's wire name."""
        ...

    @property
    def args(self) -> Sequence[Any]:
        """The positional arguments."""
        ...

    @property
    def kwargs(self) -> Mapping[str, Any]:
        """The keyword arguments."""
        ...

    @property
    def headers(self) -> Mapping[str, Any]:
        """The message's headers."""
        ...


class Taking(NamedTuple):
    """Whether a call is taken: `refusal` says why not, without the value, and `shown` as the worker says it.

    `known` is False where it cannot be told.
    """

    refusal: str = ""
    shown: str = ""
    known: bool = True


TAKEN = Taking()
UNKNOWN = Taking(known=False)
GONE = Taking("no task has this name")


class SpecReceiver:
    """A worker of which only the `spec` is known, on the day `today`.

    Where the worker enforces types it is asked of their schemas; where it does not, as Python binds is all
    that counts. `unknown` names the tasks whose signatures are not known. Where the spec is not `is_whole`, a
    task that it lacks may be there all the same.
    """

    def __init__(
        self,
        spec: ServiceSpec,
        today: date,
        unknown: Collection[str] = frozenset(),
        *,
        is_whole: bool = True,
    ) -> None:
        self.absent = GONE if is_whole else UNKNOWN
        self._today = today.isoformat()
        self._carries = spec.carries
        self._tasks = {name: task for task in spec.tasks for name in task.wire_names}
        self._unknown = {name for task in spec.tasks if task.name in unknown for name in task.wire_names}
        self._shapes = find_shapes(spec)
        self._signatures: dict[str, Signature | None] = {}
        self._checks = ValueChecks(SchemaEngine(ProofBudget()))

    @property
    def names(self) -> Collection[str]:
        """Every wire name of the spec's tasks."""
        return self._tasks.keys()

    @property
    def reads_headers(self) -> bool:
        """Whether something is carried elsewhere than among the keywords."""
        return any(each.place != "keyword" for each in self._carries)

    def judge(self, call: Call) -> Taking:
        """Return what the spec says of the call."""
        task = self._tasks[call.task]
        if task.sunset is not None and task.sunset < self._today:
            return Taking(say_sunset(task.id, task.sunset))
        if call.task in self._unknown:
            return UNKNOWN
        by_shape = self._judge_shape(call)
        if by_shape is not TAKEN or not task.enforced:
            return by_shape
        return self._judge_values(task, call)

    def find_shape(self, name: str) -> Shape | None:
        """Return the signature that the spec has."""
        return None if name in self._unknown else self._shapes.get(name)

    def arguments(self, call: Call) -> Mapping[str, Any]:
        """Return the keywords without carried ones."""
        hidden = {each.key for each in self._carries if each.place == "keyword"}
        if not hidden:
            return call.kwargs
        return {name: value for name, value in call.kwargs.items() if name not in hidden}

    def _judge_shape(self, call: Call) -> Taking:
        """Return what Python's own binder says; parameters may have names that it does not know."""
        if call.task not in self._signatures:
            try:
                signature: Signature | None = signature_of(self._tasks[call.task].parameters)
            except ValueError:
                signature = None
            self._signatures[call.task] = signature
        known = self._signatures[call.task]
        if known is None:
            return UNKNOWN
        try:
            known.bind(*call.args, **self.arguments(call))
        except TypeError as error:
            return Taking(str(error))
        return TAKEN

    def _judge_values(self, task: TaskSpec, call: Call) -> Taking:
        bound = bind_call(self._shapes[call.task], tuple(call.args), self.arguments(call)) or {}
        undecided = False
        for name, schema, value in (*_pair(task.parameters, bound), *self._find_carried(call)):
            if value is _ABSENT:
                return Taking(f"it does not carry {name}")
            taken = self._checks.takes(schema, value)
            if taken is False:
                return Taking(say_value(name))
            undecided = undecided or taken is None
        return UNKNOWN if undecided else TAKEN

    def _find_carried(self, call: Call) -> Iterator[tuple[str, Json, Json]]:
        for each in self._carries:
            value = _carried_value(each, call)
            if value is not _ABSENT or each.required:
                yield repr(each.name), each.schema, value


def find_shapes(spec: ServiceSpec) -> dict[str, Shape]:
    """Return the signature of each task by its wire names."""
    return {name: shape_of(task.parameters) for task in spec.tasks for name in task.wire_names}


def say_value(parameter: str) -> str:
    """Return why a call is refused for the value of a parameter, or of what it carries."""
    return f"{parameter} does not take the value that is sent"


def say_sunset(task: str, sunset: str) -> str:
    """Return why a call of a version is refused after its sunset."""
    return f"{task} had its sunset on {sunset}"


_ABSENT: Any = object()


def _carried_value(each: CarriedSpec, call: Call) -> Any:
    source: Any = call.kwargs
    if each.place == "header":
        source = call.headers
    elif each.place == "taskcontract":
        ours = call.headers.get(HEADER)
        source = ours.get("carried") if isinstance(ours, dict) else None
    return source.get(each.key, _ABSENT) if isinstance(source, dict) else _ABSENT


def _pair(parameters: Iterable[ParameterSpec], bound: Mapping[str, Any]) -> Iterator[tuple[str, Json, Json]]:
    """Yield each value of a call with the name and the schema of its parameter."""
    for parameter in parameters:
        if parameter.name not in bound:
            continue
        value, name = bound[parameter.name], f"parameter {parameter.name!r}"
        if parameter.kind == "var-positional":
            yield from ((name, parameter.schema, item) for item in value)
        elif parameter.kind == "var-keyword":
            yield from ((name, parameter.schema, item) for item in value.values())
        else:
            yield name, parameter.schema, value
