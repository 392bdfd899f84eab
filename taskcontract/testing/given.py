"""What a task may be sent, for unit tests: as a strategy, and as a decorator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar, cast, overload

from taskcontract.declare.slots import HOLE
from taskcontract.declare.task import Call, Task
from taskcontract.errors import ConfigError
from taskcontract.testing.searching import require_hypothesis

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

    from taskcontract.declare.slots import Slot

__all__ = ["GivenTask", "calls", "given_task"]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")


def calls(task: Task[..., R]) -> SearchStrategy[Call[R]]:
    """Generate calls of `task` from its types, typed as an implementation gets them, passed in every way.

    Some leave out parameters that have a default.
    """
    _require_task(task, "calls")
    from taskcontract.testing.messages import calls_of

    def read(message: tuple[tuple[Any, ...], dict[str, Any]]) -> Call[R]:
        args, kwargs = task.binder.decode_call(*message)
        return Call(task, args, kwargs)

    return calls_of(task, {}).map(read)


class GivenTask(Generic[P]):
    """What `given_task` returns: a decorator of tests with a task's parameters behind their own."""

    def __init__(self, task: Task[P, Any]) -> None:
        self._task = task

    @overload
    def __call__(self, test: Callable[Concatenate[A, B, C, P], T], /) -> Callable[[A, B, C], T]: ...
    @overload
    def __call__(self, test: Callable[Concatenate[A, B, P], T], /) -> Callable[[A, B], T]: ...
    @overload
    def __call__(self, test: Callable[Concatenate[A, P], T], /) -> Callable[[A], T]: ...
    @overload
    def __call__(self, test: Callable[P, T], /) -> Callable[[], T]: ...
    @overload  # a parameter that has a default is one without in the test, which types cannot say
    def __call__(self, test: Callable[..., T], /) -> Callable[..., T]: ...
    def __call__(self, test: Callable[..., T], /) -> Callable[..., T]:
        """Return a test that Hypothesis runs; what stands before the task's parameters are fixtures."""
        from hypothesis import given

        decorate = cast("Any", given)
        named = self._named_values()
        if named is not None:
            return cast("Callable[..., T]", decorate(**named)(test) if named else test)
        return cast("Callable[..., T]", decorate(**{CALL: calls(self._task)})(_take_apart(test, self._task)))

    def _named_values(self) -> dict[str, SearchStrategy[Any]] | None:
        """Return the values of each parameter; None where some cannot be passed by name."""
        slots = self._task.binder.slots
        if any(slot.kind not in ("positional-or-keyword", "keyword-only") for slot in slots):
            return None
        return {slot.name: _values_or_default(slot) for slot in slots}


CALL = "call_of_the_task"


def given_task(task: Task[P, Any]) -> GivenTask[P]:
    """Run the decorated test with calls of `task` that Hypothesis makes from its types.

    The test has the parameters of `task`, and gets their values typed as an implementation does; a parameter
    that the call leaves out is its default. `@settings`, `@example` and pytest's fixtures work beside it.
    """
    _require_task(task, "given_task")
    return GivenTask(task)


def _require_task(task: object, name: str) -> None:
    require_hypothesis()
    if not isinstance(task, Task):
        raise ConfigError(
            f"{name} takes a version of a task that bindings declare, not {task!r}",
            do=f"Name one: {name}(send_to_s3).",
        )


def _values_or_default(slot: Slot) -> SearchStrategy[Any]:
    from hypothesis import strategies as st

    from taskcontract.testing.messages import values_for

    values = values_for(slot.item)
    return values if slot.default is HOLE else st.just(slot.default) | values


class _Test(Protocol):
    __signature__: Any


def _take_apart(test: Callable[..., T], task: Task[..., Any]) -> Callable[..., T]:
    """Return `test` as a function of one whole call: Hypothesis passes by name what may have none."""
    import inspect
    from functools import wraps

    own = inspect.signature(test)
    count = len(own.parameters) - len(task.binder.slots)
    by_name = inspect.Parameter.POSITIONAL_OR_KEYWORD  # as pytest passes fixtures
    fixtures = [each.replace(kind=by_name) for each in list(own.parameters.values())[:count]]
    signature = own.replace(parameters=[*fixtures, inspect.Parameter(CALL, by_name)])

    @wraps(test)
    def run(*args: Any, **kwargs: Any) -> T:
        *before, call = signature.bind(*args, **kwargs).arguments.values()
        return test(*before, *call.args, **_defaults_of(task, call), **call.kwargs)

    cast("_Test", run).__signature__ = signature
    return run


def _defaults_of(task: Task[..., Any], call: Call[Any]) -> dict[str, Any]:
    """Return the defaults of what a call leaves out and can be passed by name."""
    named = [slot for slot in task.binder.slots if slot.kind in ("positional-or-keyword", "keyword-only")]
    places = [slot.name for slot in task.binder.slots if slot.kind.startswith("positional")]
    given = {*places[: len(call.args)], *call.kwargs}
    return {slot.name: slot.default for slot in named if slot.name not in given and slot.default is not HOLE}
