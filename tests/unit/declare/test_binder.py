"""Calls are checked as Python checks them, and their values as their types say."""

from __future__ import annotations

import dataclasses
import enum
import inspect
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typing_extensions import TypedDict

from taskcontract import Secret, Service
from taskcontract.declare.binder import Binder
from taskcontract.errors import ArgumentTypeError, ArgumentValueError


class Colour(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


class Address(TypedDict):
    street: str


class Model(pydantic.BaseModel):
    name: str
    when: datetime | None = None


class Renamed(pydantic.BaseModel):
    url: str = pydantic.Field(alias="theUrl")


UUID_1 = UUID(int=1)
NOON = datetime(2026, 1, 2, 12, tzinfo=UTC)

ROUND_TRIPS: dict[str, tuple[Any, Any, Any]] = {
    "str": (str, "x", "x"),
    "int": (int, 5, 5),
    "float": (float, 0.5, 0.5),
    "bool": (bool, True, True),
    "none": (None, None, None),
    "list": (list[int], [1, 2], [1, 2]),
    "dict": (dict[str, list[str]], {"a": ["b"]}, {"a": ["b"]}),
    "optional": (int | None, None, None),
    "literal": (Literal["a", 1], "a", "a"),
    "enum": (Colour, Colour.RED, "red"),
    "dataclass": (Point, Point(1), {"x": 1, "y": 0}),
    "typed dict": (Address, {"street": "s"}, {"street": "s"}),
    "model": (Model, Model(name="n"), {"name": "n", "when": None}),
    "model with an alias": (Renamed, Renamed(theUrl="u"), {"theUrl": "u"}),
    "datetime": (datetime, NOON, "2026-01-02T12:00:00Z"),
    "date": (date, date(2026, 1, 2), "2026-01-02"),
    "decimal": (Decimal, Decimal("1.50"), "1.50"),
    "uuid": (UUID, UUID_1, str(UUID_1)),
    "bytes": (bytes, b"\xff\x00", "_wA="),
    "tuple": (tuple[int, str], (1, "a"), [1, "a"]),
    "nested": (list[Point], [Point(1, 2)], [{"x": 1, "y": 2}]),
    "constrained": (Annotated[int, pydantic.Field(ge=1)], 1, 1),
}


def binder_of(annotation: Any) -> Binder:
    def task(value: Any) -> Any: ...

    task.__annotations__ = {"value": annotation, "return": annotation}
    return Binder(task, inspect.signature(task))


@pytest.mark.parametrize(("annotation", "value", "json"), ROUND_TRIPS.values(), ids=ROUND_TRIPS)
def test_a_value_travels_as_json_and_comes_back_as_its_type(annotation: Any, value: Any, json: Any) -> None:
    binder = binder_of(annotation)
    assert list(binder.encode_call((value,), {})[0]) == [json]
    assert binder.encode_call((), {"value": value})[1] == {"value": json}
    for args, kwargs in (((json,), {}), ((), {"value": json})):
        typed, named = binder.decode_call(args, kwargs)
        assert (*typed, *named.values()) == (value,)
        assert type((*typed, *named.values())[0]) is type(value)


REFUSED: dict[str, tuple[Any, Any]] = {
    "str for int": (int, "5"),
    "bool for int": (int, True),
    "int for str": (str, 5),
    "float for int": (int, 1.5),
    "nan": (float, float("nan")),
    "none": (str, None),
    "wrong item": (list[int], [1, "2"]),
    "wrong key": (dict[str, int], {1: 2}),
    "not among": (Literal["a", "b"], "c"),
    "text for a date": (datetime, "2026-01-02T12:00:00Z"),
    "dict for a dataclass": (Point, {"x": 1}),
    "outside its bounds": (Annotated[int, pydantic.Field(ge=1)], 0),
    "text for an enum": (Colour, "red"),
}


@pytest.mark.parametrize(("annotation", "value"), REFUSED.values(), ids=REFUSED)
def test_a_value_outside_its_type_names_the_parameter(annotation: Any, value: Any) -> None:
    with pytest.raises(ValueError, match="parameter 'value'") as caught:
        binder_of(annotation).encode_call((value,), {})
    assert isinstance(caught.value, ArgumentValueError)
    assert caught.value.parameter == "value"
    assert "test_binder.py" in caught.value.where


def test_a_refusal_says_the_spot_inside_a_value() -> None:
    with pytest.raises(ArgumentValueError, match=r"at value\.a\[1\]: .*; got 'x'"):
        binder_of(dict[str, list[int]]).encode_call(({"a": [1, "x"]},), {})


def test_received_json_is_read_strictly() -> None:
    with pytest.raises(ArgumentValueError, match="'value'"):
        binder_of(Point).decode_call(({"x": "1"},), {})
    with pytest.raises(ArgumentValueError, match="'value'"):
        binder_of(int).decode_call(("1",), {})


def test_dates_that_kombu_decoded_are_accepted() -> None:
    assert binder_of(datetime).decode_call((NOON,), {}) == ((NOON,), {})


service = Service("shop")


@service.task(version="1.0.0")
def shapes(a: int, /, b: int, *rest: int, c: int, d: int = 4, **more: int) -> None: ...


@service.task(version="1.0.0")
def dated(when: date, /, *days: date, last: date, **named: date) -> None: ...


NUMBERS = st.integers(0, 9)
CALLS = st.tuples(
    st.lists(NUMBERS, max_size=5).map(tuple),
    st.dictionaries(st.sampled_from(["a", "b", "c", "d", "e"]), NUMBERS, max_size=5),
)


@given(CALLS)
def test_a_call_is_refused_exactly_where_python_refuses_it(
    call: tuple[tuple[int, ...], dict[str, int]],
) -> None:
    args, kwargs = call
    try:
        shapes.function(*args, **kwargs)  # `Signature.bind` differs from a call on some Pythons
        binds = True
    except TypeError:
        binds = False
    if binds:
        assert shapes.binder.encode_call(args, kwargs) == (args, kwargs)
        assert shapes.binder.decode_call(args, kwargs) == (args, kwargs)
    else:
        with pytest.raises(ArgumentTypeError, match=r"shapes\(\)"):
            shapes.binder.encode_call(args, kwargs)


def test_encoded_values_stay_where_the_caller_put_them() -> None:
    day = date(2026, 1, 2)
    args, kwargs = dated.binder.encode_call((day, day), {"last": day, "x": day})
    assert (args, kwargs) == (("2026-01-02", "2026-01-02"), {"last": "2026-01-02", "x": "2026-01-02"})
    assert dated.binder.decode_call(args, kwargs) == ((day, day), {"last": day, "x": day})


@service.task(version="1.0.0")
def sign_in(user: str, password: Annotated[str, Secret], **more: Annotated[str, Secret]) -> None: ...


def test_secrets_are_hidden_wherever_a_call_is_described() -> None:
    text = sign_in.binder.text
    assert text.of_args(("ann", "pw")) == "('ann', ***)"
    assert text.of_kwargs({"password": "pw", "pin": "1"}) == "{'password': ***, 'pin': ***}"
    assert repr(sign_in.call("ann", password="pw")) == "sign_in.call('ann', password=***)"
    with pytest.raises(ArgumentValueError) as caught:
        sign_in.binder.encode_call(("ann", 1234), {})
    assert "1234" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x" * 70, repr("x" * 64) + "..."),
        ({"a": 1, "b": None}, "{'a': 1, 'b': None}"),
        ({"a": [1]}, "<dict of 1>"),
        (list(range(9)), "<list of 9>"),
        (10**50, "<int>"),
        (Point(1), "<Point>"),
    ],
)
def test_values_are_described_in_a_line(value: Any, text: str) -> None:
    assert binder_of(Any).text.of_args((value,)) == f"({text},)"


PARTIAL = [
    (("b",), {}, True),
    ((), {"content": "b"}, True),
    (("a", "b"), {}, True),
    ((5,), {}, False),
    (("a", "b", "c"), {}, False),
    ((), {"colour": "red"}, False),
]


@service.task(version="1.0.0")
def put(key: str, content: str) -> str: ...


@pytest.mark.parametrize(("args", "kwargs", "fits"), PARTIAL)
def test_a_partial_call_is_checked_as_far_as_it_goes(args: Any, kwargs: Any, fits: bool) -> None:
    if fits:
        encoded, named = put.binder.encode_partial(args, kwargs)
        assert (tuple(encoded), dict(named)) == (args, kwargs)
    else:
        with pytest.raises((ArgumentTypeError, ArgumentValueError)):
            put.binder.encode_partial(args, kwargs)
