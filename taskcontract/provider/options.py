"""The Celery options of an implementation: as they are declared, and as they hold for one version's calls."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast

from celery import Task as CeleryTask
from celery.utils.imports import symbol_by_name

from taskcontract.errors import ProviderError, TaskContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from celery import Celery

    from taskcontract.provider.adapter_path import AdapterPath

__all__ = ["options_for", "require_options"]

ERROR_CLASSES = ("autoretry_for", "dont_autoretry_for", "throws")

# What Celery's decorator reads besides the attributes of its task class.
OF_THE_DECORATOR = {
    *("autoretry_for", "dont_autoretry_for", "retry_kwargs", "retry_backoff", "retry_backoff_max"),
    *("retry_jitter", "bind", "base", "name"),
}


def require_options(options: Mapping[str, Any], place: str, app: Celery) -> None:
    """Raise a ProviderError that names an option which Celery would stumble over, or never look at.

    `place` is the implementation's; its task is one of `app`.
    """
    base = options.get("base")
    if base is not None and not (isinstance(base, type) and issubclass(base, CeleryTask)):
        raise ProviderError(
            f"base={base!r} is not a Celery task class", where=place, do="Give a subclass of celery.Task."
        )
    for name in options:
        _require_known(name, base or symbol_by_name(cast("Any", app).task_cls), place)
    for name in ERROR_CLASSES:
        given = options.get(name, ())
        if not isinstance(given, (tuple, list, set, frozenset)) or not all(map(_is_error_class, given)):
            raise ProviderError(
                f"{name}={given!r} is not a tuple of exception classes",
                where=place,
                do=f"Write {name}=(ConnectionError,), with the comma.",
            )


def options_for(path: AdapterPath, app: Celery) -> tuple[type[Any], dict[str, Any]]:
    """Return the task class and Celery's options for calls of `path.task`: those of its implementation."""
    declared = {name: value for name, value in path.task.options.items() if name != "expires"}
    options = {**declared, **path.implementation.options}
    base: type[Any] = options.pop("base", None) or app.Task
    # A message outside its contract stays outside however often it is tried.
    options["dont_autoretry_for"] = (
        TaskContractError,
        *options.get("dont_autoretry_for", getattr(base, "dont_autoretry_for", ())),
    )
    throws = tuple(options.get("throws", getattr(base, "throws", ())))
    if throws and path.steps:  # an old version's callers expect its own errors
        options["throws"] = (*throws, *path.task.errors)
    elif throws:
        options["throws"] = throws
    return base, options


def _require_known(name: str, base: type[Any], place: str) -> None:
    """Refuse what is nearly the name of an option: it would become an attribute that nothing reads.

    Other names may be those of the project's own, which its signals and base classes look for.
    """
    if name in OF_THE_DECORATOR or hasattr(base, name):
        return
    options = {each for each in dir(CeleryTask) if not each.startswith("_")} | OF_THE_DECORATOR
    near = get_close_matches(name, options, 1, cutoff=0.8)
    if near:
        raise ProviderError(
            f"{name!r} is not an option of a task, so that Celery would go by its default",
            where=place,
            do=f"Did you mean {near[0]}? An attribute of your own goes into a base class.",
        )


def _is_error_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)
