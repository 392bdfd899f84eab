"""Declared errors on their way through Celery: put on at the worker, taken off at the caller.

A result store's backend writes an exception as a small dict and makes one of it again. Both steps are
public methods of every backend; those of an app that carries errors add the error's form to the dict,
and look for it.
"""

from __future__ import annotations

import logging
import pickle
from functools import partial
from typing import TYPE_CHECKING, Any

from celery.utils.serialization import create_exception_cls
from kombu.utils.encoding import safe_repr

from taskcontract.celery_compat.result_stores import change_result_stores, say_unchangeable
from taskcontract.declare.failures.form import CARRIED, read_error, write_error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from celery import Celery

    from taskcontract.declare.protocols import ServiceLike, TaskLike
    from taskcontract.model.canonical import Json

__all__ = ["as_received", "carry", "carry_errors", "read_declared", "services_of", "teach"]

logger = logging.getLogger(__name__)

KEY = "taskcontract"
"""Beside `exc_type`, `exc_module` and `exc_message` in what a result store holds of a failure."""

SERVICES = "taskcontract_services"
"""The attribute of an app that holds the services whose errors it carries, by name."""


def carry(error: Exception, task: TaskLike[Any]) -> Exception:
    """Return `error`, which takes its form along from now on if `task` declares it.

    It survives the way from a pool's process to the worker's main one, too, where Celery replaces an
    exception that cannot be pickled.
    """
    if not task.errors or not isinstance(error, task.errors):
        return error
    try:
        form = {"task": task.wire_name, **write_error(error, task.errors)}
        object.__setattr__(error, CARRIED, form)
    except Exception:  # whatever the error's own code does: Celery reports it as it can
        logger.warning("%s takes no fields along", type(error).__name__, exc_info=True)
    _make_picklable(error)
    return error


def carry_errors(app: Celery, service: ServiceLike) -> None:
    """Let the result stores of `app` carry the errors that `service` declares."""
    services: dict[str, ServiceLike] | None = vars(app).get(SERVICES)
    if services is None:
        services = {}
        setattr(app, SERVICES, services)
        _teach_all(app, services)
    services[service.name] = service


def read_declared(stored: Any) -> tuple[Json, tuple[str, ...]]:
    """Return the content of a declared error in a result store's record, and its names, the nearest first.

    None and no names if it is not a declared error.
    """
    form: Any = stored.get(KEY) if isinstance(stored, dict) else None
    try:
        fields = form["fields"]
        args = [fields[each["field"]] if "field" in each else each["value"] for each in form["args"]]
        return {**fields, "args": args}, tuple(map(str, form["errors"]))
    except (LookupError, TypeError):  # not a form, or one of another writer
        return None, ()


def services_of(app: Celery) -> Iterable[ServiceLike]:
    """Return the services whose errors `app` carries."""
    services: dict[str, ServiceLike] = vars(app).get(SERVICES, {})
    return services.values()


def teach(backend: Any, find_services: Callable[[], Iterable[ServiceLike]]) -> Any:
    """Return `backend`, which writes and reads the forms of errors from now on."""
    prepare, restore = backend.prepare_exception, backend.exception_to_python

    def prepare_exception(exc: Any, *args: Any, **options: Any) -> Any:
        stored = prepare(exc, *args, **options)
        form = getattr(exc, CARRIED, None)
        if form is None or not isinstance(stored, dict):
            return stored
        try:
            backend.encode(form)
        except (
            Exception
        ):  # whatever a serializer cannot write: an error without its fields is better than none
            return stored
        return {**stored, KEY: form}

    def exception_to_python(exc: Any) -> Any:
        form = exc.get(KEY) if isinstance(exc, dict) else None
        found = _find_error(form, find_services()) if isinstance(form, dict) else None
        return restore(exc) if found is None else found

    backend.prepare_exception = prepare_exception
    backend.exception_to_python = exception_to_python
    return backend


def as_received(error: Exception, service: ServiceLike) -> Exception:
    """Return what the callers of `service` get for an `error` that a task of it raised in this process."""
    form = getattr(error, CARRIED, None)
    found = None if form is None else _find_error(form, (service,))
    return error if found is None else found.with_traceback(error.__traceback__)


def _teach_all(app: Any, services: dict[str, ServiceLike]) -> None:
    """Teach the result stores that `app` has, and those that it makes: each thread may get its own."""
    if not change_result_stores(app, lambda store: teach(store, services.values)):
        logger.warning("declared errors arrive without their fields: %s", say_unchangeable(app))


def _find_error(form: dict[str, Any], services: Iterable[ServiceLike]) -> Exception | None:
    """Return the declared error of a form; None if no binding here declares it, or if it is not a form."""
    for service in services:
        task = service.find(str(form.get("task")))
        if task is not None:
            try:
                return read_error(form, task.errors)
            except Exception:  # a form of another writer, or whatever the class's own code does
                logger.warning("the fields of an error of %s cannot be read", task.id, exc_info=True)
                return None
    return None


def _make_picklable(error: Exception) -> None:
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own, made just now
    except Exception:  # whatever its parts say
        cls = type(error)
        seen = (cls.__module__, cls.__qualname__, _safe_text(error), safe_repr(error))
        object.__setattr__(error, "__reduce_ex__", partial(_reduce_to_seen, seen))


def _reduce_to_seen(seen: tuple[str, str, str, str], protocol: Any) -> tuple[Any, ...]:
    return _make_seen, seen


def _make_seen(module: str, name: str, text: str, spelled: str) -> Exception:
    """Return what stands for an error in another process of the worker: it says the same."""
    cls: Any = create_exception_cls(name, module)
    cls.__repr__ = lambda self: spelled
    seen: Exception = cls(text)
    return seen


def _safe_text(error: Exception) -> str:
    try:
        return str(error)
    except Exception:  # whatever its own __str__ raises
        return safe_repr(error)
