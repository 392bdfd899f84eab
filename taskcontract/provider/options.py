"""The Celery options of an implementation: as they are declared, and as they hold for one version's calls."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import Task as CeleryTask

from taskcontract.errors import ProviderError, TaskContractError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from celery import Celery

    from taskcontract.provider.path import Path

__all__ = ["options_for", "require_options"]

ERROR_CLASSES = ("autoretry_for", "dont_autoretry_for", "throws")


def require_options(options: Mapping[str, Any], place: str) -> None:
    """Raise a ProviderError that names an option which Celery would stumble over when it registers the task.

    `place` is the implementation's.
    """
    base = options.get("base")
    if base is not None and not (isinstance(base, type) and issubclass(base, CeleryTask)):
        raise ProviderError(
            f"base={base!r} is no Celery task class", where=place, do="Give a subclass of celery.Task."
        )
    for name in ERROR_CLASSES:
        given = options.get(name, ())
        if not isinstance(given, (tuple, list, set, frozenset)) or not all(map(_is_error_class, given)):
            raise ProviderError(
                f"{name}={given!r} is no tuple of exception classes",
                where=place,
                do=f"Write {name}=(ConnectionError,), with the comma.",
            )


def options_for(path: Path, app: Celery) -> tuple[type[Any], dict[str, Any]]:
    """The task class and Celery's options for the calls of `path.task`: those of what its path leads to."""
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


def _is_error_class(value: object) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)
