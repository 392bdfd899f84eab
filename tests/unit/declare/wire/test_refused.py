"""Types whose values would all be lost are refused at declaration; single values are, where they are sent."""

from __future__ import annotations

import enum
from dataclasses import InitVar, dataclass
from datetime import date
from typing import Annotated, Any

import pydantic as p
import pytest
from pydantic_core import ValidationError

from taskcontract.declare.codec import Codec
from taskcontract.errors import DeclarationError


class Inside(p.BaseModel):
    at: int = p.Field(validation_alias=p.AliasPath("a", 0))


class Hidden(p.BaseModel):
    at: int
    secret: str = p.Field(exclude=True)


@dataclass
class Started:
    first: int
    step: InitVar[int]


class Negative(p.BaseModel):
    at: Annotated[int, p.Field(ge=1)] = 0


class Unset(p.BaseModel):
    name: str = None  # type: ignore[assignment]


class Pairs(enum.Enum):
    A = (1, 2)


@pytest.mark.parametrize(
    ("annotation", "what"),
    [
        (Inside, "Inside.at is read from deep inside an object"),
        (Hidden, "Hidden.secret is excluded"),
        (Started, "Started.step is an InitVar"),
        (Negative, "Negative.at has the default 0"),
        (list[Unset], "Unset.name has the default None"),
        (Pairs, "Pairs.A"),
        (tuple[int, *tuple[str, ...]], "unpacks a tuple"),
        (dict[str, tuple[int, *tuple[str, ...]]], "unpacks a tuple"),
        (dict[str | None, int], "the keys of an object"),
        (Annotated[int, p.Field(gt=1.5)], "'gt' must be coercible to an integer"),
    ],
)
def test_a_type_that_cannot_work_is_refused_in_our_words(annotation: Any, what: str) -> None:
    with pytest.raises(DeclarationError, match=what) as refused:
        Codec(annotation).require_form()
    assert refused.value.do


def grumble(value: Any) -> Any:
    raise KeyError(value)


class Listed(p.BaseModel):
    at: int

    @p.model_serializer
    def as_list(self) -> list[int]:
        return [self.at]


class Gaps(enum.IntFlag):
    LOW = 1
    HIGH = 4


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (Listed, Listed(at=1)),
        (Annotated[int, p.PlainSerializer(str)], 1),
        (Annotated[str, p.StringConstraints(to_upper=True, pattern="^[a-z]+$")], "abc"),
        (Annotated[int, p.AfterValidator(lambda number: number + 5), p.Field(le=7)], 2),
        (Annotated[int, p.BeforeValidator(grumble)], 1),
        (Annotated[date, p.AfterValidator(grumble)], date(2024, 2, 29)),
        (Gaps, Gaps(2)),
    ],
)
def test_a_value_that_would_not_be_read_is_refused_where_it_is_sent(annotation: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        Codec(annotation).check(value)


@pytest.mark.parametrize("value", ["\ud800", {"\udfff": 1}, 5, [[]], None])
def test_whatever_a_check_raises_is_a_refusal(value: Any) -> None:
    with pytest.raises(ValidationError):
        Codec(Annotated[Any, p.BeforeValidator(grumble)]).decode(value)


@pytest.mark.parametrize("annotation", [date, bytes, dict[date, int], p.SecretBytes])
def test_a_text_that_is_no_unicode_is_refused(annotation: Any) -> None:
    with pytest.raises(ValidationError):
        Codec(annotation).decode("\ud800")


class Noted(p.BaseModel):
    """A text whose JSON is read is written as what it holds, which is read no more."""

    note: p.Json[int]


@pytest.mark.parametrize(
    ("annotation", "value"),
    [
        (p.Json[int], "0"),
        (p.Json[list[str]], '["a"]'),
        (Noted, Noted(note="0")),  # type: ignore[arg-type]
        (list[Noted], [Noted(note="0")]),  # type: ignore[arg-type]
    ],
)
def test_json_in_a_text_that_would_not_be_read_again_is_not_sent(annotation: Any, value: Any) -> None:
    with pytest.raises(ValidationError, match="which its type does not read"):
        Codec(annotation).check(value)


def test_json_in_a_text_that_is_read_again_is_sent() -> None:
    codec = Codec(p.Json[str])
    assert codec.decode(codec.encode(codec.check('"\\"pen\\""'))) == "pen"
