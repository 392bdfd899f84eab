"""Two states of a service as bindings, what the diff finds between them, and what their codecs say of it."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

import dataclasses
import enum
import inspect
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from ipaddress import IPv4Address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from pydantic import BaseModel, Field, field_validator
from typing_extensions import TypedDict

from taskcontract import Service
from taskcontract.cli.judges import BindingsJudge
from taskcontract.diff.changes import find_changes
from taskcontract.diff.judge import NOBODY, Judges
from taskcontract.errors import ArgumentTypeError, ArgumentValueError

if TYPE_CHECKING:
    from taskcontract.declare.task import Task
    from taskcontract.model.finding import Finding

__all__ = ["TYPES", "Even", "Sides", "call_of", "compare", "fate", "make_sides"]


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


@dataclasses.dataclass
class Point:
    x: int
    y: float = 0.5


class Order(BaseModel):
    id: int
    at: date
    colour: Colour = Colour.RED
    lines: list[Point] = Field(default_factory=list)


class Movie(TypedDict):
    name: str
    year: int


class Even(BaseModel):
    """A type whose values no schema tells."""

    number: int

    @field_validator("number")
    @classmethod
    def be_even(cls, value: int) -> int:
        if value % 2 or value < 10_000:
            raise ValueError("odd or small")
        return value


TYPES: dict[str, Any] = {
    "str": str,
    "int": int,
    "float": float,
    "bool": bool,
    "UUID": UUID,
    "Decimal": Decimal,
    "date": date,
    "datetime": datetime,
    "time": time,
    "timedelta": timedelta,
    "bytes": bytes,
    "Path": Path,
    "IPv4Address": IPv4Address,
    "list[int]": list[int],
    "set[str]": set[str],
    "tuple[int, str]": tuple[int, str],
    "dict[str, int]": dict[str, int],
    "dict[str, date]": dict[str, date],
    "Colour": Colour,
    "Point": Point,
    "Order": Order,
    "Movie": Movie,
    "int | str": int | str,
    "date | None": date | None,
    "Any": Any,
}
NAMES = {**globals()}
"""What the source of a typed call may name."""


class Sides(NamedTuple):
    """One task, called `task`, before and after."""

    old: Service
    new: Service


def make_sides(old: str, new: str, **types: Any) -> Sides:
    """Services whose one task has the parameters `old` and `new`, whose annotations `types` resolves."""
    return Sides(_declare(old, types), _declare(new, types))


def _declare(parameters: str, types: dict[str, Any]) -> Service:
    scope: dict[str, Any] = {**types}
    exec(f"def task({parameters}) -> None: ...", scope)
    service = Service("side")
    service.task(version="1.0.0")(scope["task"])
    return service


def compare(sides: Sides, *, by_code: bool) -> list[Finding]:
    """What the diff finds, with the bindings' own code as judges or by the specs alone."""
    judges = Judges(BindingsJudge(sides.old), BindingsJudge(sides.new)) if by_code else NOBODY
    return list(find_changes(sides.old.spec(), sides.new.spec(), judges=judges))


def fate(service: Service, args: Any, kwargs: Any) -> dict[str, Any] | str:
    """The binding of a message by the service's own binder and codecs, or how it is refused."""
    (task,) = service.tasks
    try:
        typed, named = task.binder.decode_call(args, kwargs)
    except ArgumentTypeError:
        return "shape"
    except ArgumentValueError:
        return "value"
    bound = inspect.signature(task.function).bind(*typed, **named)
    return dict(bound.arguments)


class _Recorder:
    """Stands for the delegate and for the app, and keeps what it is called with."""

    def delay(self, *args: Any, **kwargs: Any) -> Any:
        return args, kwargs

    def send_task(self, name: str, *, args: Any, kwargs: Any) -> Any:
        return name, args, kwargs


def call_of(source: str, task: Task[..., Any] | None = None) -> Any:
    """What pasting `source`, a typed call or a message, would send; a typed one is encoded by `task`."""
    sent = eval(source, {**NAMES, "task": _Recorder(), "app": _Recorder()})
    if task is None:
        return sent
    args, kwargs = task.binder.encode_call(*sent)
    return list(args), dict(kwargs)
