# mypy: disable-error-code="empty-body"
"""What type checkers make of a fake's answers; checked by mypy and pyright, never run.

Each wrong line carries the ignore comments of both checkers, as in `api.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, assert_type

from taskcontract import Service, match
from taskcontract.testing import Answers, FakeCall, FakeService, fake_service

shop = Service("shop", queue="shop")


@dataclass
class Receipt:
    number: int


@shop.task(version="1.0.0")
def sell(item: str, count: int = 1) -> Receipt: ...


@shop.task(version="1.0.0")
def forget(item: str) -> None: ...


def sell_as(item: str, count: int = 1) -> Receipt:
    return Receipt(count)


def sell_wrongly(item: str, count: int = 1) -> int:
    return count


with fake_service(shop) as fake:
    assert_type(fake, FakeService)
    assert_type(fake.calls, list[FakeCall])
    assert_type(fake.calls_of(sell)[0].options["queue"], Any)
    answers: Answers[[str], None] = fake.on(forget).returns(None)
    fake.on(sell).returns(Receipt(1), Receipt(2)).raises(KeyError("x"), KeyError).stays_pending()
    fake.on(sell).called_with("pen", count=match.integer(2)).runs(sell_as)
    fake.on(sell).returns(match.like(Receipt(1)))

    fake.on(sell).returns(1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    fake.on(forget).returns("x")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    fake.on(sell).runs(sell_wrongly)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    fake.on(sell).called_with(1)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    fake.on(sell).called_with("pen", size=1)  # type: ignore[call-arg] # pyright: ignore[reportCallIssue]
    fake.on(sell).raises("gone")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
    fake.on("sell")  # type: ignore[arg-type] # pyright: ignore[reportArgumentType]
