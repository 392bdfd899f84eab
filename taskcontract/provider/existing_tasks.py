"""A Celery task that was there before its binding: what it runs, and with which options."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from celery import Task as CeleryTask

from taskcontract.declare.task import Task
from taskcontract.errors import ProviderError
from taskcontract.provider.functions import find_place

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from celery import Celery

__all__ = ["ExistingTask", "find_existing", "require_no_options", "require_same_name"]


class ExistingTask(NamedTuple):
    """The function that a registered Celery `task` runs, and whether it gets the task as its first argument.

    Its class is the base of what takes its place, so that all its options and hooks stay.
    """

    task: Any
    function: Callable[..., Any]
    bind: bool


def find_existing(app: Celery, value: object) -> ExistingTask | None:
    """Return what `app.task` or `shared_task` made, or an instance of a task class; None for a function.

    A ProviderError where `app` does not have that task. The app is finalized by it: only then it has any.
    """
    if isinstance(value, Task) or not isinstance(value, CeleryTask):
        return None
    given = cast("Any", value)
    task: Any = app.tasks.get(given.name)
    of: type[Any] = given.__class__  # not its type: that may be a proxy's
    run: Any = next(vars(each)["run"] for each in of.__mro__ if "run" in vars(each))
    function = run.__func__ if isinstance(run, staticmethod) else run
    if task is None or type(task).__qualname__ != of.__qualname__:
        raise ProviderError(
            f"the task {given.name!r} is not registered in the provider's app",
            where=find_place(function),
            do="Give it to that app, or give the provider the app that has it.",
        )
    return ExistingTask(task, function, not isinstance(run, staticmethod))


def require_same_name(existing: ExistingTask, task: Task[..., Any]) -> None:
    """Raise a ProviderError where the callers of the existing task use a name that its binding has not."""
    name: str = existing.task.name
    if name not in task.wire_names:
        raise ProviderError(
            f"{task.id} is called {task.wire_name!r}, and the task that is to serve it {name!r}",
            where=find_place(existing.function),
            do=f"Declare {task.__name__} with name={name!r}, so that its callers of today are served.",
        )


def require_no_options(options: Mapping[str, Any], existing: ExistingTask, *, bind: bool) -> None:
    """Raise a ProviderError where options are given for a task that has its own."""
    given = [*(["bind"] if bind else []), *options]
    if given:
        raise ProviderError(
            f"{existing.task.name} keeps the options that it was declared with, so {given[0]}= has no effect",
            where=find_place(existing.function),
            do="Give it where the task is declared.",
        )
