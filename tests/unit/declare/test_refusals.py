# mypy: disable-error-code="empty-body"
"""A refusal says in a reader's words what is wanted, where, and what came."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

import pydantic
import pytest
from pydantic import Field

from taskcontract import Secret, Service
from taskcontract.declare.describe import describe_value
from taskcontract.declare.refusal import spell_type
from taskcontract.embedded import write_url
from taskcontract.errors import ArgumentValueError

if TYPE_CHECKING:
    from pathlib import Path

Money = Annotated[Decimal, Field(max_digits=5, decimal_places=2)]


class Bill(pydantic.BaseModel):
    text: Money
    number: int = 1


WANTED = [
    (Decimal, "x", "a decimal number"),
    (Money, "1000", "without exponent, at most 3 digits before the point and 2 after it"),
    (Annotated[Decimal, Field(max_digits=3)], "1000", "at most 3 digits"),
    (Annotated[Decimal, Field(decimal_places=1)], "1.25", "at most 1 digits after the point"),
    (Annotated[Decimal, Field(gt=0, le=9)], "10", "more than 0, at most 9"),
    (
        Annotated[date, Field(ge=date(2027, 1, 1))],
        "2026-01-01",
        "a date such as 2027-01-31, at least 2027-01-01",
    ),
    (pydantic.UUID4, "7bc30f98-ea7c-11f1-9b55-02fc00000001", "a UUID of version 4"),
    (Annotated[bytes, Field(min_length=2)], "AA==", "bytes in base 64, at least 2"),
    (Annotated[bytes, Field(max_length=1)], "AAAA", "bytes in base 64, at most 1"),
    (dict[Annotated[int, Field(ge=5)], int], {"1": 1}, "an integer, at least 5"),
]


def refuse(kind: Any, value: Any) -> str:
    service = Service("refusing")

    def take(value): ...

    take.__annotations__ = {"value": kind, "return": None}
    task = service.task(version="1.0.0")(take)
    with pytest.raises(ArgumentValueError) as refused:
        task.binder.decode_call([value], {})
    return str(refused.value)


@pytest.mark.parametrize(("kind", "value", "wanted"), WANTED)
def test_all_that_a_text_must_be_is_said(kind: Any, value: Any, wanted: str) -> None:
    assert wanted in refuse(kind, value)


@pytest.mark.parametrize("value", ["1000", 1000, "x"])
def test_only_places_of_the_value_are_named(value: object) -> None:
    assert "parameter 'value': " in refuse(Money, value)
    assert "parameter 'value' at value.text: " in refuse(Bill, {"text": value})
    assert "parameter 'value' at value[0].text: " in refuse(list[Bill], [{"text": value}])


SPELLED = [
    (Money, "Decimal"),
    (list[Money], "list[Decimal]"),
    (dict[str, Annotated[int, Field(gt=0)]], "dict[str, int]"),
    (date | Annotated[str, Secret] | None, "date | str | None"),  # pyright: ignore[reportOperatorIssue]
    (tuple[int, ...], "tuple[int, ...]"),
    (Literal["a", 1], "Literal['a', 1]"),
    (Bill, "Bill"),
    (None, "None"),
    (Any, "Any"),
]


@pytest.mark.parametrize(("annotation", "text"), SPELLED)
def test_a_type_is_spelled_as_its_author_writes_it(annotation: Any, text: str) -> None:
    assert spell_type(annotation) == text


PLAIN = [
    Decimal("1.50"),
    UUID(int=1),
    date(2026, 1, 2),
    datetime(2026, 1, 2, 12, tzinfo=UTC),
    time(12, 30),
    timedelta(hours=1),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_short_value_is_shown(value: object) -> None:
    assert describe_value(value) == repr(value)
    assert describe_value(Decimal("1" * 100)) == "<Decimal>"


def test_a_secret_says_how_it_is_written() -> None:
    with pytest.raises(TypeError, match=r"write Annotated\[str, Secret\], not Secret\[str\]"):
        Secret[str]


@pytest.mark.process
def test_an_app_that_bindings_use_knows_the_embedded_broker(tmp_path: Path) -> None:
    url = write_url(tmp_path)
    code = f"""
from taskcontract import Service
from celery import Celery
app = Celery(broker={url!r}, backend={url!r})
Service("shop").use(app)
app.send_task("shop.pay", queue="shop")
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
    assert (tmp_path / "queues" / "shop").is_dir()
