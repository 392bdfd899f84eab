"""More types for the catalogue: classes whose configuration, aliases or code change their JSON."""

from __future__ import annotations

import enum
import typing as t
from dataclasses import InitVar, dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

import pydantic as p
from typing_extensions import TypeAliasType, TypedDict

Ann = t.Annotated
SOME_DAY = date(2024, 2, 29)
SOME_TIME = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
SOME_ID = UUID("12345678-1234-4234-9234-123456789abc")


class Flags(enum.Flag):
    A = 1
    B = 2


class Gaps(enum.IntFlag):
    LOW = 1
    HIGH = 4


class Odd(enum.Enum):
    YES = True
    HALF = 1.5


class Only(enum.Enum):
    A = "a"


class Stripped(p.BaseModel):
    model_config = p.ConfigDict(str_strip_whitespace=True, str_min_length=1, str_max_length=3)
    text: str
    keys: dict[str, int] = {}


class Short(p.BaseModel):
    """Whose limit counts for texts alone, not for what is written as one."""

    model_config = p.ConfigDict(str_max_length=3)
    text: str = ""
    literal: t.Literal["abcdef"] = "abcdef"
    id: UUID | None = None
    day: date = SOME_DAY
    data: bytes = b"\xff\xfe\xfd\xfc"
    number: Decimal = Decimal("1.2345")


class Around(p.BaseModel):
    inner: Stripped
    text: str = ""


class ByPython(p.BaseModel):
    model_config = p.ConfigDict(regex_engine="python-re")
    text: t.Annotated[str, p.Field(pattern=r"^(?=a)[a-c]+$")]


class Hexed(p.BaseModel):
    model_config = p.ConfigDict(val_json_bytes="hex", ser_json_bytes="hex")
    data: bytes


class Spans(p.BaseModel):
    model_config = p.ConfigDict(ser_json_timedelta="float")
    span: timedelta


class Moments(p.BaseModel):
    model_config = p.ConfigDict(ser_json_temporal="milliseconds", val_temporal_unit="milliseconds")
    at: datetime
    day: date = SOME_DAY


class Infinite(p.BaseModel):
    model_config = p.ConfigDict(ser_json_inf_nan="strings")
    value: float


class InOut(p.BaseModel):
    value: int = p.Field(validation_alias="in", serialization_alias="out")


class Either(p.BaseModel):
    model_config = p.ConfigDict(extra="forbid")
    value: int = p.Field(alias=p.AliasChoices("at", "when"))  # type: ignore[call-overload, literal-required]


class ByName(p.BaseModel):
    model_config = p.ConfigDict(validate_by_name=True, validate_by_alias=False)
    value: int = p.Field(alias="Value")


class Double(p.BaseModel):
    model_config = p.ConfigDict(extra="forbid")
    at: int

    @p.computed_field
    @property
    def double(self) -> int:
        return self.at * 2


class Lax(p.BaseModel):
    model_config = p.ConfigDict(strict=False, coerce_numbers_to_str=True)
    count: int = p.Field(strict=False)
    text: str = ""


class Ping(p.BaseModel):
    pong: Pong | None = None


class Pong(p.BaseModel):
    ping: Ping | None = None
    day: date = SOME_DAY


class Fussy(p.BaseModel):
    at: int

    @p.field_validator("at", mode="before")
    @classmethod
    def whole(cls, value: t.Any) -> t.Any:
        return value % 10  # a TypeError for anything but a number, or for a text a text


class Written(p.BaseModel):
    at: datetime

    @p.field_serializer("at")
    def as_text(self, value: datetime) -> str:
        return value.isoformat()


class OfOnly(p.BaseModel):
    kind: t.Literal[Only.A]


class OfB(p.BaseModel):
    kind: t.Literal["b"] = "b"
    more: int = 0


class Limited(TypedDict):
    __pydantic_config__ = p.ConfigDict(extra="forbid", str_max_length=2)  # pyright: ignore[reportGeneralTypeIssues]
    text: str


@dataclass
class Started:
    first: int
    step: InitVar[int] = 1
    last: int = field(init=False, default=0)

    def __post_init__(self, step: int) -> None:
        self.last = self.first + step


@p.dataclasses.dataclass(config=p.ConfigDict(extra="forbid"))
class Ended:
    first: int
    last: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.last = self.first + 1


@p.dataclasses.dataclass(config=p.ConfigDict(str_to_lower=True, extra="forbid"))
class Lowered:
    text: t.Annotated[str, p.Field(max_length=3)]


Nested = TypeAliasType("Nested", "int | list[Nested]")

CONFIGURED: dict[str, tuple[t.Any, list[t.Any]]] = {
    "flags": (Flags, [Flags.A, Flags.A | Flags.B, Flags(0)]),
    "flags-gaps": (Gaps, [Gaps.LOW, Gaps.LOW | Gaps.HIGH]),
    "dict-flags": (dict[Flags, int], [{Flags.A: 1, Flags.A | Flags.B: 2}]),
    "dict-odd-enum": (dict[Odd, int], [{Odd.YES: 1, Odd.HALF: 2}]),
    "model-stripped": (Stripped, [Stripped(text="abc", keys={"a": 1})]),
    "model-short": (Short, [Short(), Short(text="abc", id=SOME_ID)]),
    "model-around": (Around, [Around(inner=Stripped(text="a"), text=" long enough ")]),
    "model-python-regex": (ByPython, [ByPython(text="abc")]),
    "model-hex": (Hexed, [Hexed(data=b"hi"), Hexed(data=b"\xff")]),
    "model-spans": (Spans, [Spans(span=timedelta(seconds=1.5))]),
    "model-moments": (Moments, [Moments(at=SOME_TIME)]),
    "sequence-or-model": (list[t.Sequence[int] | Moments], [[[1, 2], Moments(at=SOME_TIME)]]),
    "model-infinite": (Infinite, [Infinite(value=1.5)]),
    "model-in-out": (InOut, [InOut.model_validate({"in": 1})]),
    "model-either": (Either, [Either.model_validate({"at": 1})]),
    "model-by-name": (ByName, [ByName.model_validate({"value": 1})]),
    "model-computed": (Double, [Double(at=1)]),
    "model-lax": (Lax, [Lax(count=1)]),
    "model-ping": (Ping, [Ping(), Ping(pong=Pong(ping=Ping()))]),
    "model-fussy": (Fussy, [Fussy(at=1)]),
    "model-written": (Written, [Written(at=SOME_TIME)]),
    "tagged-enum": (Ann[OfOnly | OfB, p.Field(discriminator="kind")], [OfOnly(kind=Only.A), OfB()]),
    "typed-dict-limited": (Limited, [{"text": "ab"}]),
    "dataclass-started": (Started, [Started(1)]),
    "dataclass-ended": (Ended, [Ended(1)]),
    "dataclass-lowered": (Lowered, [Lowered(text="abc")]),
    "alias-recursive": (Nested, [1, [1, [2]]]),
    "set-any": (set, [set(), {1, "a"}]),
    "list-omitting": (list[p.OnErrorOmit[int]], [[], [1]]),
    "secret-bytes": (p.SecretBytes, [p.SecretBytes(b"\xff\xfe")]),
    "secret-date": (p.Secret[date], [p.Secret(SOME_DAY)]),
    "fraction": (Fraction, [Fraction(1, 3)]),
    "written-as-text": (Ann[date, p.PlainSerializer(lambda day: day.isoformat())], [SOME_DAY]),
}
"""As in the catalogue."""
