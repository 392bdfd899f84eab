"""One registered task of an imported Celery app as a TaskSpec, and where its code stands."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from taskcontract.extract.code_places import find_definition, find_file
from taskcontract.extract.defaults import read_default, read_value
from taskcontract.extract.noticed import FROM_SETTINGS, NOTICED
from taskcontract.model.place import Place
from taskcontract.model.service import DEFAULT_QUEUE, MISSING, ParameterKind, ParameterSpec, TaskSpec

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.canonical import Json

__all__ = ["describe_task", "find_place"]

DEFAULTS = {"acks_on_failure_or_timeout": True, "typing": True}
"""What Celery's settings say of options that its task class leaves open; the others are off, or not set."""

KINDS: dict[Any, ParameterKind] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional-or-keyword",
    inspect.Parameter.VAR_POSITIONAL: "var-positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword-only",
    inspect.Parameter.VAR_KEYWORD: "var-keyword",
}


def describe_task(app: Any, task: Any) -> TaskSpec | None:
    """Return what the registered `task` of `app` promises its callers; None where it has no signature."""
    run = _find_run(task)
    try:
        signature = inspect.signature(task.run)
    except (TypeError, ValueError):
        return None
    return TaskSpec(
        name=task.name,
        version="",
        wire_name=task.name,
        parameters=_parameters_of(signature, run),
        queue=_find_queue(app, task),
        serializer=task.serializer or "json",
        bind=_is_bound(task),
        enforced=_is_checked(task.run),
        options=_options_of(app, task),
        description=inspect.cleandoc(run.__doc__ or "").split("\n\n")[0],
    )


def find_place(task: Any) -> Place | None:
    """Return where the task is defined: its function, or its class; None where there is no source."""
    run = _find_run(task)
    if _is_of_function(task):
        found = find_definition(getattr(run, "__code__", None))
        return None if found is None else Place(found.file, found.line)
    of = type(task)
    try:
        lines, line = inspect.getsourcelines(of)
        file = find_file(inspect.getsourcefile(of) or "")
    except (OSError, TypeError):
        return None
    before = next((at for at, text in enumerate(lines) if text.lstrip().startswith("class ")), 0)
    return Place(file, line + before)


def _find_run(task: Any) -> Callable[..., Any]:
    """Return the function that the project wrote: below what Celery and decorators wrap around it."""
    run: Any = inspect.unwrap(task.run)
    found: Callable[..., Any] = getattr(run, "__func__", run)
    return found


def _parameters_of(signature: inspect.Signature, run: Callable[..., Any]) -> tuple[ParameterSpec, ...]:
    found = find_definition(getattr(run, "__code__", None))
    written = {} if found is None else found.defaults
    return tuple(
        ParameterSpec(each.name, KINDS[each.kind], True, _default_of(each, written))
        for each in signature.parameters.values()
    )


def _default_of(parameter: inspect.Parameter, written: dict[str, Any]) -> Json:
    """Return a default as the source has it, or as the value that it is where there is no source."""
    if parameter.default is parameter.empty:
        return MISSING
    expression = written.get(parameter.name)
    return read_value(parameter.default) if expression is None else read_default(expression)


def _is_bound(task: Any) -> bool:
    """Whether a function was decorated with `bind=True`: Celery makes a static method of any other."""
    run = next((vars(each)["run"] for each in type(task).__mro__ if "run" in vars(each)), None)
    return _is_of_function(task) and not isinstance(run, staticmethod)


def _is_of_function(task: Any) -> bool:
    """Whether a decorator made the task: the class that it makes names the function."""
    return hasattr(type(task), "__wrapped__")


def _is_checked(run: Any) -> bool:
    """Whether Celery checks the arguments, as `pydantic=True` asks for: by a wrapper of the app's class."""
    for _ in range(50):
        if getattr(run, "__globals__", {}).get("__name__") == "celery.app.base":
            return True
        if not hasattr(run, "__wrapped__"):
            return False
        run = run.__wrapped__
    return False


def _options_of(app: Any, task: Any) -> dict[str, Json]:
    """Return the noticed options that differ from what a task has where nothing is set."""
    base = next(each for each in type(task).__mro__ if each.__module__ == "celery.app.task")
    found: dict[str, Json] = {}
    for name in NOTICED:
        value, usual = getattr(task, name, None), getattr(base, name, None)
        if value is None and name in FROM_SETTINGS:  # the limits, which no task takes from there by itself
            value = app.conf[FROM_SETTINGS[name]]
        if value != (DEFAULTS.get(name, False) if usual is None and value is not None else usual):
            found[name] = _option_json(value)
    return found


def _option_json(value: Any) -> Json:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_option_json(each) for each in value]
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}".removeprefix("builtins.")
    return read_value(value)


def _find_queue(app: Any, task: Any) -> str | None:
    """Return where the app's own router sends a call of `task`; None for Celery's default queue."""
    given = {"queue": task.queue} if getattr(task, "queue", None) else {}
    try:
        queue: Any = app.amqp.router.route(given, task.name, (), {}).get("queue")
    except Exception:  # a router of the project's own may want the arguments of a call
        queue = getattr(task, "queue", None)
    name = getattr(queue, "name", queue)
    return None if name in (None, DEFAULT_QUEUE) else str(name)
