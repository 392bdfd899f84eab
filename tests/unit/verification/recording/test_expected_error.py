"""What a recording makes of the error that a test expects: in the contract, and for the code under test."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

import pytest
from celery import Celery, chain, chord, group
from celery.exceptions import ChordError

from taskcontract import Service, match
from taskcontract.errors import ContractError
from taskcontract.model.contract import Interaction, MatchRule
from taskcontract.verification.recording.recording import Recording
from tests.support.failing_bindings import KINDS, failing, lose
from tests.support.same_error import look_at

if TYPE_CHECKING:
    from collections.abc import Iterator

bank = Service("bank", queue="bank")


class PlainError(Exception):
    pass


class DeclinedError(Exception):
    def __init__(self, code: str, left: Decimal = Decimal(0)) -> None:
        super().__init__(f"declined: {code}")
        self.code = code
        self.left = left


class LockedError(DeclinedError):
    pass


@dataclass
class LateError(Exception):
    at: datetime
    reasons: list[str]


@bank.task(version="1.0.0", errors=(PlainError, DeclinedError, LateError))
def charge(card: str) -> str: ...


@bank.task(version="1.0.0")
def book(amount: str) -> str: ...


@pytest.fixture(autouse=True)
def app() -> Iterator[Celery]:
    app = Celery(
        "consumer", broker="amqp://127.0.0.1:1//", backend="redis://127.0.0.1:1", set_as_current=False
    )
    for service in (bank, failing):
        service.use(app)
    yield app
    for service in (bank, failing):
        service.app = None


def record(recorded: list[Interaction], service: Service = bank) -> Recording:
    return Recording("shop", service, description="a call", test="t.py::t", keep=recorded.extend)


AT = datetime(2026, 1, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raises", "name", "content", "rules"),
    [
        (PlainError, "PlainError", {}, ()),
        (PlainError("x"), "PlainError", {"args": ["x"]}, ()),
        (
            PlainError(match.regex("[a-z]+", "x"), 2),
            "PlainError",
            {"args": ["x", 2]},
            (MatchRule("$.args[0]", "regex", {"regex": "[a-z]+"}),),
        ),
        (DeclinedError("lost"), "DeclinedError", {"code": "lost", "left": "0"}, ()),
        (
            DeclinedError(match.regex("[a-z]+", "lost"), Decimal("1.5")),
            "DeclinedError",
            {"code": "lost", "left": "1.5"},
            (MatchRule("$.code", "regex", {"regex": "[a-z]+"}),),
        ),
        (LockedError("lost"), "DeclinedError", {"code": "lost", "left": "0"}, ()),
        (
            LateError(AT, match.each_like("slow")),
            "LateError",
            {"at": "2026-01-02T00:00:00Z", "reasons": ["slow"]},
            (MatchRule("$.reasons", "type", {"min": 1}),),
        ),
    ],
    ids=str,
)
def test_it_is_recorded_by_name_and_content(
    raises: Any, name: str, content: Any, rules: tuple[MatchRule, ...]
) -> None:
    recorded: list[Interaction] = []
    with record(recorded).expect(charge, raises=raises), pytest.raises(Exception) as caught:  # noqa: PT011
        charge.delay("4711").get(timeout=1)
    cls = raises if isinstance(raises, type) else type(raises)
    assert isinstance(caught.value, next(base for base in cls.__mro__ if base.__name__ == name))
    assert (recorded[0].error, recorded[0].result, recorded[0].rules) == (name, content, rules)


def test_matchers_are_examples_for_the_code_under_test() -> None:
    error = DeclinedError(match.regex("[a-z]+", "lost"), match.like(Decimal("1.5")))
    with record([]).expect(charge, raises=error):
        result = charge.delay("4711")
        given = result.get(propagate=False)
        assert look_at(given) == look_at(DeclinedError("lost", Decimal("1.5")))
        assert (result.state, result.result) == ("FAILURE", given)


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_under_test_gets_each_kind_as_in_production(kind: str) -> None:
    with record([], failing).expect(lose, raises=KINDS[kind]()):
        given = lose.delay(kind).get(propagate=False)
    expected: object = type(KINDS[kind]())
    assert type(given) is expected
    assert look_at(given) == look_at(KINDS[kind]())


@pytest.mark.parametrize(
    ("arrange", "said"),
    [
        (lambda block: block.expect(charge, raises=KeyError("x")), "charge@1.0.0 does not declare KeyError"),
        (lambda block: block.expect(charge, raises=KeyError), "PlainError, DeclinedError, LateError"),
        (lambda block: block.expect(book, raises=PlainError), r"errors=(PlainError,)"),
        (lambda block: block.expect(charge, raises="lost"), "raises='lost' is not an error"),
        (lambda block: block.expect(charge, returns="x", raises=PlainError), "2 outcomes: returns=, raises="),
        (
            lambda block: block.expect(charge, raises=DeclinedError(cast("str", 5))),
            "its code is 5, which is not str",
        ),
        (lambda block: block.expect(charge, raises=PlainError(match.regex("x", "y"))), "its own matcher"),
        (lambda block: block.expect(charge, raises=PlainError(object())), "no JSON form"),
    ],
)
def test_what_is_no_declared_error_is_refused(arrange: Any, said: str) -> None:
    with pytest.raises(ContractError) as caught:
        arrange(record([]))
    assert said in str(caught.value)


def test_what_waits_behind_it_ends_as_behind_a_worker(app: Celery) -> None:
    with record([]).expect(charge, raises=DeclinedError("lost")):
        result = chain(charge.s("4711"), book.s()).apply_async()
        with pytest.raises(DeclinedError, match="lost"):
            result.get()
    block = record([]).expect(charge, raises=PlainError("x")).expect(charge, returns="ok")
    with block, pytest.raises((PlainError, ChordError), match="x"):
        chord([charge.s("1"), charge.s("2")], book.si("3"))().get()
    block = record([]).expect(charge, raises=PlainError("x")).expect(charge, returns="ok")
    with block:
        given = group(charge.s("1"), charge.s("2")).apply_async().get(propagate=False)
    assert [type(given[0]), given[1]] == [PlainError, "ok"]


def test_errbacks_are_called(app: Celery) -> None:
    recorded: list[Interaction] = []
    block = record(recorded).expect(charge, raises=PlainError("x")).expect(book)
    with block:
        charge.apply_async(("4711",), link_error=book.si("back"))
    assert [each.args for each in recorded] == [("4711",), ("back",)]
