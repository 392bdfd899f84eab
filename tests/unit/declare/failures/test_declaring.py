"""What is refused as a declared error, where it is declared or where its worker starts."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery
from celery.exceptions import Reject

from taskcontract import Provider, Service
from taskcontract.errors import DeclarationError, ProviderError


class GoneError(Exception):
    pass


def other_gone() -> type[Exception]:
    return type("GoneError", (Exception,), {})


@pytest.mark.parametrize(
    ("errors", "message"),
    [
        (GoneError, "is not a tuple of exception classes"),
        ((GoneError("x"),), "is not an exception class"),
        ((str,), "str is not an exception class"),
        ((KeyboardInterrupt,), "KeyboardInterrupt is not an exception class"),
        ((ExceptionGroup,), "is a group of other exceptions"),
        ((Reject,), "tells Celery what to do"),
        ((GoneError, other_gone()), "two of the declared errors are called GoneError"),
    ],
)
def test_refused_where_it_is_declared(errors: Any, message: str) -> None:
    with pytest.raises(DeclarationError, match=message):
        Service("shop").task(version="1.0.0", errors=errors)(lambda: None)


def test_a_list_and_a_repetition_are_taken() -> None:
    errors: Any = [GoneError, GoneError]
    assert Service("shop").task(version="1.0.0", errors=errors)(lambda: None).errors == (GoneError,)


class LockedError(Exception):
    def __init__(self, lock: object, thread: Thread) -> None:
        self.thread = thread


class Thread:
    pass


class LateError(Exception):
    at: Missing  # type: ignore[name-defined]  # noqa: F821 - what is imported under TYPE_CHECKING alone


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (LockedError, r"LockedError.thread: .*Thread.* has no JSON form"),
        (LateError, "annotations of LateError cannot be read"),
    ],
)
def test_a_worker_refuses_to_start_and_a_spec_is_not_written(error: type[Exception], message: str) -> None:
    service = Service("shop")

    @service.task(version="1.0.0", errors=(error,))
    def buy(item: str) -> str: ...

    provider = Provider(Celery("shop", set_as_current=False), service)
    provider.implements(buy)(lambda item: item)
    with pytest.raises(ProviderError, match=message):
        provider.check()
