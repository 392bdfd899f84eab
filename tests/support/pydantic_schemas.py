"""Pairs of schemas as pydantic makes them: models of random fields, and changes that people make to them."""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, Generic, Literal, Optional, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, create_model

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

T = TypeVar("T")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class WiderColour(Enum):
    RED = "red"
    BLUE = "blue"
    GREEN = "green"


class Point(BaseModel):
    x: int
    y: int = 0


class Point3(BaseModel):
    x: int
    y: int = 0
    z: int | None = None


class StrictPoint(BaseModel):
    model_config = ConfigDict(extra="forbid")
    x: int
    y: int = 0


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class WiderTree(BaseModel):
    value: int | str
    children: list[WiderTree] = []
    label: str | None = None


class Linked(BaseModel):
    value: int
    following: Linked | None = None


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = Field(9, ge=0)


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


class Bird(BaseModel):
    kind: Literal["bird"]
    wings: int


class Page(BaseModel, Generic[T]):
    items: list[T]
    following: str | None = None


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]
WiderPet = Annotated[Cat | Dog | Bird, Field(discriminator="kind")]

#: Types in groups of relatives: a change mostly goes from one to another of its group.
FAMILIES: list[list[Any]] = [
    [
        int,
        float,
        int | None,
        int | str,
        Annotated[int, Field(ge=0)],
        Annotated[int, Field(ge=1)],
        Annotated[int, Field(gt=0)],
    ],
    [
        float,
        int,
        Annotated[float, Field(le=1.5)],
        Annotated[float, Field(ge=0, le=1)],
        Annotated[float, Field(multiple_of=0.5)],
    ],
    [
        Annotated[int, Field(multiple_of=2)],
        Annotated[int, Field(multiple_of=4)],
        Annotated[int, Field(ge=0, lt=10)],
        int,
    ],
    [
        str,
        str | None,
        Annotated[str, Field(max_length=10)],
        Annotated[str, Field(min_length=1)],
        Annotated[str, Field(min_length=1, max_length=20)],
    ],
    [
        Annotated[str, Field(pattern="^[a-z]+$")],
        Annotated[str, Field(pattern="^[a-z0-9]+$")],
        Annotated[str, Field(pattern="^[a-z]{2,4}$")],
        str,
    ],
    [Literal["a", "b"], Literal["a", "b", "c"], Literal["a"], str, Colour, WiderColour],
    [bool, int, Literal[True], bool | None],
    [dt.datetime, dt.date, dt.time, dt.timedelta, str, dt.datetime | None],
    [uuid.UUID, str, uuid.UUID | None, bytes],
    [Decimal, float, Annotated[Decimal, Field(max_digits=5, decimal_places=2)], Decimal | None],
    [
        list[int],
        list[float],
        list[int | None],
        Annotated[list[int], Field(min_length=1)],
        Annotated[list[int], Field(max_length=5)],
        set[int],
        list[str],
    ],
    [tuple[int, str], tuple[int, str, int], tuple[int, ...], tuple[float, str], list[int | str]],
    [
        dict[str, int],
        dict[str, float],
        dict[str, Any],
        dict[str, int | None],
        dict[Literal["a", "b"], int],
        Point,
    ],
    [Point, Point3, StrictPoint, Point | None, dict[str, int]],
    [Tree, WiderTree, Linked, Tree | None],
    [Pet, WiderPet, Cat, Cat | Dog, list[Pet], list[WiderPet]],
    [Page[int], Page[float], Page[str], Page[Point], Page[Point3]],
    [frozenset[str], list[str], set[str], Annotated[list[str], Field(min_length=2)]],
    [Any, object, str, None],
    [dict[str, list[Point]], dict[str, list[Point3]], dict[str, dict[str, int]], list[dict[str, Point]]],
]
NAMES = ["key", "content", "tenant", "size", "tags", "meta", "kind", "owner"]

#: A field is its type and whether it has a default.
Fields = dict[str, tuple[Any, bool]]


def make_pydantic_pair(rng: random.Random) -> tuple[Any, Any]:
    """The schemas of one type before and after some changes, in either order."""
    if rng.random() < 0.35:
        family = rng.choice(FAMILIES)
        return render_type(rng.choice(family)), render_type(rng.choice(family))
    fields: Fields = {
        name: (rng.choice(rng.choice(FAMILIES)), rng.random() < 0.4)
        for name in rng.sample(NAMES, rng.randrange(1, 6))
    }
    closed = rng.random() < 0.25
    old = render_model(fields, closed=closed, nested=(nested := rng.random() < 0.3))
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        fields = rng.choice(EDITS)(fields, rng)
    if rng.random() < 0.1:
        closed = not closed
    new = render_model(fields, closed=closed, nested=nested)
    return (old, new) if rng.random() < 0.5 else (new, old)


def render_type(kind: Any) -> Any:
    return TypeAdapter(kind).json_schema()


def render_model(fields: Fields, *, closed: bool = False, nested: bool = False) -> Any:
    """The schema of a model with these fields; `nested` puts it inside a list of another one."""
    config = ConfigDict(extra="forbid" if closed else "ignore", arbitrary_types_allowed=True)
    members: dict[str, Any] = {
        name: (kind, None) if optional else (kind, ...) for name, (kind, optional) in fields.items()
    }
    model: Any = create_model("Model", __config__=config, **members)
    if nested:
        around: dict[str, Any] = {"inner": (list[model], ...), "spare": (model | None, None)}  # pyright: ignore[reportInvalidTypeForm]
        model = create_model("Outer", **around)
    return model.model_json_schema()


def _add(fields: Fields, rng: random.Random) -> Fields:
    return {**fields, rng.choice(NAMES): (rng.choice(rng.choice(FAMILIES)), rng.random() < 0.6)}


def _remove(fields: Fields, rng: random.Random) -> Fields:
    gone = rng.choice(list(fields)) if fields else None
    return {name: field for name, field in fields.items() if name != gone}


def _change_default(fields: Fields, rng: random.Random) -> Fields:
    chosen = rng.choice(list(fields)) if fields else None
    return {name: (kind, optional ^ (name == chosen)) for name, (kind, optional) in fields.items()}


def _change_type(fields: Fields, rng: random.Random) -> Fields:
    chosen = rng.choice(list(fields)) if fields else None
    return {
        name: (rng.choice(_find_family(kind, rng)) if name == chosen else kind, optional)
        for name, (kind, optional) in fields.items()
    }


def _allow_null(fields: Fields, rng: random.Random) -> Fields:
    chosen = rng.choice(list(fields)) if fields else None
    return {
        # Not `kind | None`: None and some of typing's forms do not take it.
        name: (Optional[kind] if name == chosen else kind, optional)  # noqa: UP045
        for name, (kind, optional) in fields.items()
    }


def _shuffle(fields: Fields, rng: random.Random) -> Fields:
    return {name: fields[name] for name in rng.sample(list(fields), len(fields))}


def _find_family(kind: Any, rng: random.Random) -> list[Any]:
    related = [family for family in FAMILIES if any(kind is member or kind == member for member in family)]
    return rng.choice(related or FAMILIES)


EDITS: list[Callable[[Fields, random.Random], Fields]] = [
    _add,
    _remove,
    _change_default,
    _change_type,
    _change_type,
    _change_type,
    _allow_null,
    _shuffle,
]
