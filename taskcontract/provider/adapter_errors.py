"""What an adapter's own code raises: an answer that its version declares, or a mistake."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from celery.exceptions import SoftTimeLimitExceeded, TaskPredicate

from taskcontract.errors import ProviderError, TaskContractError
from taskcontract.provider.functions import find_place

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.declare.task import Task

__all__ = ["NEVER_MAPPED", "AdapterAnswerError", "raise_judged", "say_raised"]


NEVER_MAPPED = (TaskPredicate, TaskContractError)
"""Celery's own signs (a retry, an ignored task) and our refusals stay what they are."""

PASSING = (TaskPredicate, SoftTimeLimitExceeded)
"""What Celery raises into whatever code runs."""


class AdapterAnswerError(TaskContractError):
    """Carries the `error` that an adapter of `old` answered with past Celery's autoretry.

    That looks for the errors of the implementation, and would repeat what it has done; it never tries
    our own errors again. The carrier is removed before the error leaves this package.
    """

    def __init__(self, error: Exception, old: Task[..., Any]) -> None:
        super().__init__(str(error))
        self.error = error
        self.old = old


def raise_judged(error: Exception, what: str, old: Task[..., Any], function: Callable[..., Any]) -> NoReturn:
    """Raise what an `error` of `function`, the adapter of `old` called `what`, means for the call.

    An error that `old` declares is its answer (AdapterAnswerError); any other is a mistake of the adapter's,
    a ProviderError. Our own are mistakes too, though some of them are ValueErrors.
    """
    if isinstance(error, PASSING):
        raise error
    if isinstance(error, old.errors) and not isinstance(error, TaskContractError):
        raise AdapterAnswerError(error, old) from error
    raise ProviderError(
        f"the {what} of {old.id} raised {say_raised(error)}",
        where=find_place(function),
        do=f"Fix it, or raise an error that {old.id} declares (errors=...) to refuse the call.",
    ) from error


def say_raised(error: Exception) -> str:
    """Return `KeyError: 'q'`, in one line."""
    text = error.what if isinstance(error, TaskContractError) else str(error)
    first = text.partition("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__
