"""Types that a binding may have, each with values that a caller passes."""

from __future__ import annotations

import collections
import enum
import ipaddress
import pathlib
import re
import typing as t
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import NotRequired
from uuid import UUID, uuid1

import pydantic as p
from typing_extensions import TypedDict

from tests.unit.declare.wire.aliased import ALIASED
from tests.unit.declare.wire.configured import CONFIGURED

Ann = t.Annotated


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 2


class Mixed(enum.Enum):
    ONE = 1
    TWO = "two"
    NO = False


class Loud(enum.StrEnum):
    A = "a"
    B = "b"


class Fuzzy(enum.Enum):
    A = "a"

    @classmethod
    def _missing_(cls, value: object) -> Fuzzy | None:
        return cls.A if value == "A" else None


@dataclass
class Point:
    x: int
    y: int = 0


@dataclass(kw_only=True, frozen=True)
class Span:
    start: date
    end: date | None = None
    tags: list[str] = field(default_factory=list)


class Options(TypedDict):
    name: str
    retries: NotRequired[int]


class Partial(TypedDict, total=False):
    at: datetime


class Pair(t.NamedTuple):
    left: int
    right: date = date(2027, 1, 31)


class Item(p.BaseModel):
    """One line of an order."""

    id: int
    price: Decimal = Decimal(1)


class Order(p.BaseModel):
    id: UUID
    items: list[Item]
    at: datetime | None = None


class Closed(p.BaseModel):
    model_config = p.ConfigDict(extra="forbid")
    a: int


class Open(p.BaseModel):
    model_config = p.ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, int]  # pyright: ignore[reportIncompatibleVariableOverride]
    a: int


class Aliased(p.BaseModel):
    model_config = p.ConfigDict(populate_by_name=True)
    first: int = p.Field(alias="First")


class Choosy(p.BaseModel):
    at: int = p.Field(validation_alias=p.AliasChoices("at", "when"), serialization_alias="at")


class Tree(p.BaseModel):
    value: int
    children: list[Tree] = []


class Cat(p.BaseModel):
    kind: t.Literal["cat"] = "cat"
    lives: int


class Dog(p.BaseModel):
    kind: t.Literal["dog"] = "dog"
    good: bool = True


T = t.TypeVar("T")


class Box(p.BaseModel, t.Generic[T]):
    content: T


class Checked(p.BaseModel):
    at: int

    @p.field_validator("at")
    @classmethod
    def even(cls, value: int) -> int:
        if value % 2:
            raise ValueError("odd")
        return value


class Whole(p.BaseModel):
    low: int
    high: int

    @p.model_validator(mode="after")
    def in_order(self) -> Whole:
        if self.low > self.high:
            raise ValueError("low > high")
        return self


class Numbers(p.RootModel[list[int]]):
    pass


class Measured(p.BaseModel):
    value: float


def short(text: str) -> str:
    if len(text) > 3:
        raise ValueError("too long")
    return text


def stripped(text: t.Any) -> t.Any:
    return text.strip() if isinstance(text, str) else text


SOME_DAY = date(2024, 2, 29)
SOME_TIME = datetime(2024, 2, 29, 12, 30, 0, 250)
IN_ZONE = datetime(2024, 2, 29, 12, 30, tzinfo=timezone(timedelta(hours=2)))
SOME_ID = UUID("12345678-1234-4234-9234-123456789abc")

CATALOGUE: dict[str, tuple[t.Any, list[t.Any]]] = {
    "any": (t.Any, [None, 1, "a", [1], {"a": 1.5}]),
    "none": (None, [None]),
    "bool": (bool, [True, False]),
    "int": (int, [0, -5, 10**20]),
    "float": (float, [0.0, 1.5, -2.0, 1e300]),
    "str": (str, ["", "a", "2024-02-29", "é", "1"]),
    "bytes": (bytes, [b"", b"hi", b"\xff\xfe\xfa"]),
    "str-or-none": (str | None, [None, "x"]),
    "int-or-str": (int | str, [1, "1"]),
    "date-or-str": (date | str, [SOME_DAY, "hello"]),
    "float-or-int": (float | int, [1, 1.5]),
    "list-int": (list[int], [[], [1, 2]]),
    "list-any": (list, [[], [1, "a"]]),
    "list-date": (list[date], [[SOME_DAY]]),
    "tuple-any": (tuple[int, ...], [(), (1, 2)]),
    "tuple-two": (tuple[int, str], [(1, "a")]),
    "set-int": (set[int], [set(), {1, 2}]),
    "frozenset-str": (frozenset[str], [frozenset({"a"})]),
    "deque": (collections.deque[int], [collections.deque([1])]),
    "sequence": (t.Sequence[int], [[1, 2]]),
    "dict-any": (dict, [{}, {"a": 1}]),
    "dict-str-int": (dict[str, int], [{}, {"a": 1}]),
    "dict-int": (dict[int, str], [{1: "a", -2: "b"}]),
    "dict-uuid": (dict[UUID, int], [{SOME_ID: 1}]),
    "dict-date": (dict[date, int], [{SOME_DAY: 1}]),
    "dict-enum": (dict[Colour, int], [{Colour.RED: 1}]),
    "dict-level": (dict[Level, int], [{Level.LOW: 1}]),
    "dict-literal": (dict[t.Literal["a", "b"], int], [{"a": 1}]),
    "dict-bool": (dict[bool, int], [{True: 1}]),
    "mapping": (t.Mapping[str, int], [{"a": 1}]),
    "counter": (collections.Counter[str], [collections.Counter("aab")]),
    "literal-str": (t.Literal["a", "b"], ["a", "b"]),
    "literal-one": (t.Literal[1], [1]),
    "literal-mixed": (t.Literal[1, "two", False, None], [1, "two", False, None]),
    "enum-str": (Colour, list(Colour)),
    "enum-int": (Level, list(Level)),
    "enum-mixed": (Mixed, list(Mixed)),
    "strenum": (Loud, list(Loud)),
    "enum-missing": (Fuzzy, [Fuzzy.A]),
    "date": (date, [SOME_DAY, date.min, date.max]),
    "datetime": (datetime, [SOME_TIME, IN_ZONE, datetime.min, datetime(2024, 1, 1, tzinfo=UTC)]),
    "datetime-aware": (p.AwareDatetime, [IN_ZONE]),
    "datetime-naive": (p.NaiveDatetime, [SOME_TIME]),
    "time": (time, [time(1, 2, 3, 4), time(23, 59, tzinfo=UTC)]),
    "timedelta": (timedelta, [timedelta(days=400, seconds=5), -timedelta(microseconds=1), timedelta(0)]),
    "past-date": (p.PastDate, [date(2020, 1, 1)]),
    "date-from": (Ann[date, p.Field(ge=date(2024, 1, 31))], [SOME_DAY]),
    "date-until": (Ann[date, p.Field(lt=date(2024, 12, 31))], [SOME_DAY]),
    "datetime-from": (Ann[datetime, p.Field(ge=datetime(2020, 1, 1))], [SOME_TIME]),
    "uuid": (UUID, [SOME_ID]),
    "uuid4": (p.UUID4, [SOME_ID]),
    "uuid1": (p.UUID1, [uuid1()]),
    "decimal": (Decimal, [Decimal("1.50"), Decimal("1E+5"), Decimal("-0")]),
    "decimal-5-2": (
        Ann[Decimal, p.Field(max_digits=5, decimal_places=2)],
        [Decimal("123.45"), Decimal("1E+2")],
    ),
    "decimal-5": (Ann[Decimal, p.Field(max_digits=5)], [Decimal("0.00123")]),
    "decimal-places": (Ann[Decimal, p.Field(decimal_places=2)], [Decimal("99999.99")]),
    "decimal-3-3": (Ann[Decimal, p.Field(max_digits=3, decimal_places=3)], [Decimal("0.125")]),
    "decimal-positive": (Ann[Decimal, p.Field(gt=0)], [Decimal("0.01"), Decimal("1E+3")]),
    "decimal-range": (Ann[Decimal, p.Field(ge=Decimal("-0.5"), le=100)], [Decimal("-0.5"), Decimal(100)]),
    "decimal-steps": (Ann[Decimal, p.Field(multiple_of=t.cast("float", Decimal("0.25")))], [Decimal("0.75")]),
    "int-range": (Ann[int, p.Field(ge=1, lt=10)], [1, 9]),
    "int-even": (Ann[int, p.Field(multiple_of=2)], [2, 0]),
    "float-range": (Ann[float, p.Field(gt=0, le=1)], [0.5, 1.0]),
    "float-steps": (Ann[float, p.Field(multiple_of=0.5)], [1.5]),
    "float-whole": (Ann[float, p.Field(multiple_of=1)], [3.0]),
    "str-length": (Ann[str, p.Field(min_length=1, max_length=4)], ["a", "abcd"]),
    "str-pattern": (Ann[str, p.Field(pattern=r"^[A-Z]{3}$")], ["EUR"]),
    "str-python-pattern": (Ann[str, p.Field(pattern=re.compile(r"^(?=a)[a-c]+$"))], ["abc"]),
    "str-stripped": (
        Ann[str, p.StringConstraints(strip_whitespace=True, min_length=1, max_length=3)],
        ["a", "abc"],
    ),
    "str-lower": (Ann[str, p.StringConstraints(to_lower=True, max_length=3)], ["abc"]),
    "list-length": (Ann[list[int], p.Field(min_length=1, max_length=2)], [[1]]),
    "set-length": (Ann[set[int], p.Field(min_length=2, max_length=3)], [{1, 2}]),
    "bytes-length": (Ann[bytes, p.Field(min_length=2, max_length=4)], [b"hi", b"four"]),
    "dict-length": (Ann[dict[str, int], p.Field(min_length=1)], [{"a": 1}]),
    "path": (pathlib.PurePosixPath, [pathlib.PurePosixPath("a/b")]),
    "ipv4": (ipaddress.IPv4Address, [ipaddress.IPv4Address("192.0.2.1")]),
    "ipv6": (
        ipaddress.IPv6Address,
        [ipaddress.IPv6Address("2001:db8::1"), ipaddress.IPv6Address("fe80::1%eth0")],
    ),
    "ipv4-interface": (ipaddress.IPv4Interface, [ipaddress.IPv4Interface("10.0.0.1/8")]),
    "ipv4-network": (ipaddress.IPv4Network, [ipaddress.IPv4Network("10.0.0.0/8")]),
    "url": (p.AnyUrl, [p.AnyUrl("https://example.org/a?b=c")]),
    "http-url": (p.HttpUrl, [p.HttpUrl("https://example.org/")]),
    "secret": (p.SecretStr, [p.SecretStr("hush")]),
    "pattern": (re.Pattern, [re.compile("a+")]),
    "json": (p.Json[int], []),
    "base64": (p.Base64Bytes, [b"aGk="]),
    "byte-size": (p.ByteSize, [p.ByteSize(5)]),
    "checked-after": (Ann[str, p.AfterValidator(short)], ["abc"]),
    "checked-before": (Ann[str, p.BeforeValidator(stripped)], ["abc"]),
    "dataclass": (Point, [Point(1), Point(1, 2)]),
    "dataclass-dates": (Span, [Span(start=SOME_DAY), Span(start=SOME_DAY, end=SOME_DAY, tags=["x"])]),
    "typed-dict": (Options, [{"name": "a"}, {"name": "a", "retries": 1}]),
    "typed-dict-partial": (Partial, [{}, {"at": SOME_TIME}]),
    "named-tuple": (Pair, [Pair(1), Pair(1, SOME_DAY)]),
    "model": (Item, [Item(id=1), Item(id=2, price=Decimal("2.5"))]),
    "model-nested": (Order, [Order(id=SOME_ID, items=[Item(id=1)], at=SOME_TIME)]),
    "model-closed": (Closed, [Closed(a=1)]),
    "model-open": (Open, [Open.model_validate({"a": 1, "b": 2})]),
    "model-alias": (Aliased, [Aliased(First=1)]),
    "model-choices": (Choosy, [Choosy(at=1)]),
    "model-recursive": (Tree, [Tree(value=1, children=[Tree(value=2)])]),
    "model-checked": (Checked, [Checked(at=2)]),
    "model-whole": (Whole, [Whole(low=1, high=2)]),
    "model-float": (Measured, [Measured(value=1.5)]),
    "root-model": (Numbers, [Numbers([1, 2])]),
    "generic": (Box[int], [Box[int](content=1)]),
    "generic-date": (Box[date], [Box[date](content=SOME_DAY)]),
    "tagged": (Ann[Cat | Dog, p.Field(discriminator="kind")], [Cat(lives=9), Dog()]),
    "untagged": (Cat | Dog, [Cat(lives=9), Dog()]),
    "list-model": (list[Item], [[Item(id=1)]]),
    "dict-model": (dict[str, Item], [{"a": Item(id=1)}]),
    "optional-model": (Item | None, [None, Item(id=1)]),
    **CONFIGURED,
    **ALIASED,
}
