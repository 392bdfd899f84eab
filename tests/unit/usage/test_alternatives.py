"""A label tells a declared alternative as the declaration's own schema tells it; the oracle is the codec."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import jsonschema_rs
import pytest

from taskcontract import Secret, Service
from taskcontract.usage.alternatives import find_alternatives, find_declared


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


@dataclass
class Photo:
    kind: Literal["photo"]
    width: int


@dataclass
class Video:
    kind: Literal["video"]
    seconds: int


@dataclass
class Plain:
    x: int


CASES: list[tuple[Any, dict[str, Any]]] = [
    (Size, {'"s"': Size.SMALL, '"l"': Size.LARGE}),
    (Level, {"1": Level.LOW, "2": Level.HIGH}),
    (Size | None, {'"s"': Size.SMALL, "": None}),
    (Literal["x", "y"], {'"x"': "x", '"y"': "y"}),
    (Literal["x", 7] | None, {'"x"': "x", "7": 7, "": None}),
    (Photo | Video, {"Photo": Photo("photo", 1), "Video": Video("video", 2)}),
    (Photo | Video | int | None, {"Photo": Photo("photo", 1), "Video": Video("video", 2), "": 7}),
]


@pytest.mark.parametrize(("annotation", "values"), CASES)
def test_a_value_has_the_label_of_the_alternative_that_it_is(annotation: Any, values: dict[str, Any]) -> None:
    codec = codec_of(annotation)
    found = find_alternatives(codec.schema("read"))
    assert found is not None
    for label, value in values.items():
        sent = codec.encode(value)
        assert found.label(sent) == label
        for other, schema in found.schemas.items():
            assert jsonschema_rs.is_valid(schema, sent) == (other == label), (other, sent)


@pytest.mark.parametrize(
    "annotation", [str, int | str, list[Size], Photo, Photo | Plain, Any, dict[str, Size]]
)
def test_what_the_type_tells_has_no_label(annotation: Any) -> None:
    assert find_alternatives(codec_of(annotation).schema("read")) is None


@pytest.mark.parametrize(
    "sent", ["z", 1.0, True, None, [], {}, {"kind": "x"}, {"kind": []}, {"kind": {"a": 1}}, "photo"]
)
def test_what_is_none_of_them_has_no_label(sent: Any) -> None:
    found = find_alternatives(codec_of(Photo | Video | Literal["x"]).schema("read"))
    assert found is not None
    assert not found.label(sent)


def test_too_many_are_not_told() -> None:
    literal: Any = Literal
    many = literal[tuple(f"v{number}" for number in range(51))]
    assert find_alternatives(codec_of(many).schema("read")) is None


def test_each_argument_is_told_by_the_parameter_that_it_reaches() -> None:
    shop = Service("shop", queue="shop")

    @shop.task(version="1.0.0")
    def sell(item: str, /, size: Size, *more: Size, level: Level, **rest: Literal["a"]) -> None: ...

    declared = find_declared(sell.binder.slots)
    assert declared is not None
    told = declared.label(["s", "s", "l", "x"], {"level": 2, "other": "a", "b": "b"})
    assert told == ("", '"s"', '"l"', "", "2", '"a"', "")


def test_values_of_secrets_are_not_told() -> None:
    shop = Service("shop", queue="shop")

    @shop.task(version="1.0.0")
    def sell(size: Annotated[Size, Secret]) -> None: ...

    assert find_declared(sell.binder.slots) is None


def codec_of(annotation: Any) -> Any:
    shop = Service("shop", queue="shop")

    def take(value: Any) -> None: ...

    take.__annotations__["value"] = annotation
    return shop.task(version="1.0.0")(take).binder.slots[0].item
