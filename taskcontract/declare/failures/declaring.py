"""What may be declared as a task's error: a class whose instances can be made anew at the caller."""

from __future__ import annotations

from typing import Any

from taskcontract.errors import DeclarationError

__all__ = ["check_errors"]

CONTROL = ("celery.exceptions", "TaskPredicate")
"""The base of what Celery raises to say something to the worker: Retry, Ignore, Reject."""


def check_errors(errors: Any, place: str) -> tuple[type[Exception], ...]:
    """Return `errors`; raise a DeclarationError unless each is a class with its own name that can travel."""
    if not isinstance(errors, (tuple, list)):
        raise DeclarationError(
            f"errors={errors!r} is not a tuple of exception classes",
            where=place,
            do="Write errors=(GoneError,), with the comma.",
        )
    named: dict[str, type[Exception]] = {}
    for error in errors:
        _check_class(error, place)
        if named.setdefault(error.__name__, error) is not error:
            raise DeclarationError(
                f"two of the declared errors are called {error.__name__}",
                where=place,
                do="Rename one of them: callers and contracts know an error by its name.",
            )
    return tuple(named.values())


def _check_class(error: Any, place: str) -> None:
    if not isinstance(error, type) or not issubclass(error, Exception):
        raise DeclarationError(
            f"{getattr(error, '__name__', None) or repr(error)} is not an exception class",
            where=place,
            do="Declare subclasses of Exception, not their instances.",
        )
    if issubclass(error, ExceptionGroup):
        raise DeclarationError(
            f"{error.__name__} is a group of other exceptions, which cannot travel through a result store",
            where=place,
            do="Declare an error whose fields say what went wrong.",
        )
    if any((base.__module__, base.__name__) == CONTROL for base in error.__mro__):
        raise DeclarationError(
            f"{error.__name__} tells Celery what to do with the task: callers never get it",
            where=place,
            do="Declare what callers are to handle.",
        )
