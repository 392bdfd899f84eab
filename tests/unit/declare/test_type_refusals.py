"""Types without a JSON form, and values that would not arrive as they were sent, are refused in our words."""

from __future__ import annotations

import math
from collections.abc import Callable  # annotations are evaluated
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

import attrs
import msgspec
import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict, Unpack

from taskcontract import Service
from taskcontract.errors import ArgumentValueError, DeclarationError

if TYPE_CHECKING:
    from taskcontract.declare.task import Task


@attrs.define
class Box:
    width: int


class Packet(msgspec.Struct):
    size: int


class Plain:
    pass


class Options(TypedDict):
    urgent: bool


class Measured(BaseModel):
    value: float


@dataclass
class Point:
    x: float
    more: list[float]


class When(BaseModel):
    at: date | str


class Colour(StrEnum):
    RED = "red"


class Cat(BaseModel):
    name: str


class Dog(BaseModel):
    name: str


def take(annotation: Any, *, returns: Any = None) -> Task[..., Any]:
    def use(value: Any) -> None: ...

    use.__annotations__.update({"value": annotation, "return": returns})
    task: Task[..., Any] = Service("types").task(version="1.0.0")(use)
    return task


@pytest.mark.parametrize(
    ("annotation", "culprit"),
    [
        (Box, "Box is an attrs class"),
        (list[Box], "Box is an attrs class"),
        (dict[str, Box | None], "Box is an attrs class"),
        (Packet, "Packet is a msgspec Struct"),
        (Plain, "Plain'> has no JSON form"),
        (Callable[[int], int], "callable has no JSON form"),
        (type[int], "int has no JSON form"),
        (dict[tuple[int, int], str], "the keys of an object in JSON are texts"),
        (dict[int | str, str], "the keys of an object in JSON are texts"),
    ],
)
def test_a_type_without_a_json_form(annotation: Any, culprit: str) -> None:
    for use in (lambda task: task.spec(), lambda task: task.call(None)):
        with pytest.raises(DeclarationError, match="parameter 'value': .*" + culprit) as refusal:
            use(take(annotation))
        assert __file__ in refusal.value.where
        assert refusal.value.do
    with pytest.raises(DeclarationError, match="its result: .*" + culprit):
        take(int, returns=annotation).spec()


def test_keys_of_a_typed_dict_are_no_parameters() -> None:
    def use(**options: Unpack[Options]) -> None: ...

    with pytest.raises(DeclarationError, match="keyword-only parameters"):
        Service("types").task(version="1.0.0")(use).spec()


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (date | str, "2026-01-01"),
        (date | int | str, "2026-01-01"),
        (str | datetime, "2026-01-01T12:00"),
        (Decimal | float, 2.5),
        (UUID | str, "12345678-1234-4234-9234-123456789abc"),
        (Decimal | str, "2.50"),
        (list[date | str], ["tomorrow", "2026-01-01"]),
        (dict[str, date | str] | None, {"a": "2026-01-01"}),
        (list[int] | tuple[int, ...], (1, 2)),
        (set[int] | list[int], {1}),
        (Cat | Dog, Dog(name="x")),
        (Cat | dict[str, str], {"name": "x"}),
        (When, When(at="2026-01-01")),
    ],
)
def test_what_would_arrive_as_another_type(annotation: Any, value: Any) -> None:
    with pytest.raises(ArgumentValueError, match="would arrive as"):
        take(annotation).call(value)


@pytest.mark.parametrize(
    ("annotation", "values"),
    [
        (date | str, [date(2026, 1, 1), "tomorrow"]),
        (date | datetime, [date(2026, 1, 1), datetime(2026, 1, 1, 12)]),  # noqa: DTZ001
        (int | float, [1, 1.0, 2.5]),
        (int | bool | None, [1, True, None]),
        (str | date, [date(2026, 1, 1), "tomorrow"]),
        (Literal["a"] | str, ["a", "b"]),
        (Colour | str, [Colour.RED, "blue"]),
        (list[int] | list[str], [[], [1], ["a"]]),
        (Cat | Point, [Cat(name="x"), Point(1.0, [])]),
    ],
)
def test_what_arrives_as_it_was_sent(annotation: Any, values: list[Any]) -> None:
    binder = take(annotation).binder
    for value in values:
        (arrived,), _ = binder.decode_call(*binder.encode_call((value,), {}))
        assert arrived == value
        assert isinstance(value, type(arrived))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(
    ("annotation", "make", "spot"),
    [
        (float, lambda number: number, ""),
        (list[float], lambda number: [1.0, number], r"value\[1\]"),
        (Measured, lambda number: Measured(value=number), r"value\.value"),
        (list[Measured], lambda number: [Measured(value=number)], r"value\[0\]\.value"),
        (Point, lambda number: Point(1.0, [number]), r"value\.more\[0\]"),
        (Decimal, lambda number: Decimal(number), ""),
    ],
)
def test_numbers_that_json_does_not_have(annotation: Any, make: Any, spot: str, number: float) -> None:
    with pytest.raises(ArgumentValueError, match=f"parameter 'value'.*{spot}.*finite"):
        take(annotation).call(make(number))
