"""What each kind of exception class is after its way as JSON: the oracle is the exception itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from taskcontract.declare.failures.form import read_error, write_error
from tests.support.failing_bindings import KINDS, lose
from tests.support.same_error import look_at


def travel(error: Exception, errors: tuple[type[Exception], ...] = lose.errors) -> Exception | None:
    return read_error(json.loads(json.dumps(write_error(error, errors))), errors)


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_arrives_as_it_was_raised(kind: str) -> None:
    error = KINDS[kind]()
    arrived: Any = travel(error)
    assert type(arrived) is type(error)
    assert look_at(arrived) == look_at(error)


class BaseError(Exception):
    pass


class NewerError(BaseError):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code


def test_older_bindings_read_the_nearest_class_that_they_know() -> None:
    form = write_error(NewerError(5), (BaseError, NewerError))
    arrived: Any = read_error(form, (BaseError,))
    assert (type(arrived), str(arrived), arrived.code) == (BaseError, "code 5", 5)


def test_bindings_that_know_none_of_its_classes_read_nothing() -> None:
    assert read_error(write_error(NewerError(5), (NewerError,)), (KeyError,)) is None


def test_a_value_outside_its_declared_type_travels_as_it_is(caplog: pytest.LogCaptureFixture) -> None:
    arrived: Any = travel(NewerError("five"), (NewerError,))  # type: ignore[arg-type]
    assert arrived.code == "five"
    assert "NewerError was raised with a code that is not of its declared type" in caplog.text
