"""Calls and results are drawn from the declared types: all of them valid, and of every shape."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from ipaddress import IPv4Address
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired
from uuid import UUID

import hypothesis
import pytest
from annotated_types import Ge, Gt, Len, Lt, MultipleOf
from hypothesis import strategies as st
from pydantic import AfterValidator, AnyUrl, BaseModel, ConfigDict, Field, Json, StringConstraints
from typing_extensions import TypedDict

from taskcontract import Service
from taskcontract.testing.messages import calls_of, results_of
from tests.support.stable_ids import stable_id

QUICK = hypothesis.settings(max_examples=15, deadline=None, database=None, derandomize=True)


class Colour(Enum):
    RED = "red"
    BLUE = 2


@dataclass
class Point:
    x: int
    y: float = 0.5


class Options(TypedDict):
    size: int
    title: NotRequired[str]


class Tree(BaseModel):
    name: Annotated[str, Field(pattern="^[a-z]{2,4}$")]
    weight: int = Field(gt=0, le=9)
    branches: list[Tree] = []


class Open(BaseModel):
    model_config = ConfigDict(extra="allow")
    known: int


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int


class Dog(BaseModel):
    kind: Literal["dog"]


def is_even(number: int) -> int:
    if number % 2:
        raise ValueError("odd")
    return number


TYPES: list[Any] = [
    int,
    float,
    str,
    bool,
    None,
    bytes,
    Any,
    int | None,
    Literal["a", 1],
    list[int],
    dict[str, list[float]],
    dict[int, str],
    tuple[int, str],
    tuple[int, ...],
    set[int],
    frozenset[str],
    Annotated[int, Ge(3), Lt(5)],
    Annotated[int, Gt(3), MultipleOf(7)],
    Annotated[float, Gt(0), Lt(1)],
    Annotated[str, Len(2, 3)],
    Annotated[str, StringConstraints(pattern=r"^\d{3}-[A-Z]$")],
    Annotated[list[int], Len(2, 2)],
    Annotated[dict[str, int], Len(1, 2)],
    Annotated[int, AfterValidator(is_even)],
    date,
    datetime,
    time,
    timedelta,
    Decimal,
    Annotated[Decimal, Gt(0)],
    UUID,
    Path,
    IPv4Address,
    AnyUrl,
    Colour,
    Point,
    list[Point],
    Options,
    Tree,
    Open,
    Annotated[Cat | Dog, Field(discriminator="kind")],
]


@pytest.mark.parametrize("annotation", TYPES, ids=stable_id)
def test_values_of_each_type_are_found_and_travel_as_json(annotation: Any) -> None:
    def take(value: Any) -> Any: ...

    take.__annotations__ = {"value": annotation, "return": annotation}
    task = Service("types").task(version="1.0.0")(take)
    seen: list[Any] = []

    @QUICK
    @hypothesis.given(calls_of(task, {}), results_of(task, {}))
    def draw(message: tuple[Any, Any], result: Any) -> None:
        args, kwargs = json.loads(json.dumps(message))
        seen.append(task.binder.decode_call(args, kwargs))
        task.binder.result.check(result)

    draw()
    assert seen


def test_a_parameter_of_json_text_is_found_too() -> None:
    @Service("types").task(version="1.0.0")
    def take(text: Json[list[int]]) -> None: ...

    (text,), _ = hypothesis.find(calls_of(take, {}), lambda call: call[0] > ("[",), settings=QUICK)
    assert isinstance(json.loads(text), list)


service = Service("shop")


@service.task(version="1.0.0")
def sell(
    item: str, /, count: int, size: int = 1, *more: int, place: str, gift: bool = False, **extra: int
) -> int: ...


def test_calls_are_passed_in_every_way() -> None:
    seen: dict[str, bool] = {}

    @hypothesis.settings(QUICK, max_examples=150)
    @hypothesis.given(calls_of(sell, {}))
    def draw(message: tuple[Any, Any]) -> None:
        args, kwargs = message
        sell.binder.decode_call(args, kwargs)
        ways = {
            "all by name": len(args) == 1 and "count" in kwargs,
            "by position": len(args) == 2,
            "default left out": len(args) < 3 and "size" not in kwargs,
            "variadic": len(args) > 3,
            "extra": not kwargs.keys() <= {"count", "size", "place", "gift"},
            "keyword-only left out": "gift" not in kwargs,
            "keyword-only given": "gift" in kwargs,
        }
        for way, is_so in ways.items():
            seen[way] = seen.get(way, False) or is_so

    draw()
    assert [way for way, found in seen.items() if not found] == []


def test_the_caller_s_own_strategies_replace_the_types() -> None:
    given: Any = {
        "item": st.just("pen"),
        "more": st.just(7),
        "extra": st.just(8),
    }

    @QUICK
    @hypothesis.given(calls_of(sell, given))
    def draw(message: tuple[Any, Any]) -> None:
        args, kwargs = message
        assert args[0] == "pen"
        assert set(args[3:]) <= {7}
        named = kwargs.keys() - {"count", "size", "place", "gift"}
        assert {kwargs[name] for name in named} <= {8}

    draw()
