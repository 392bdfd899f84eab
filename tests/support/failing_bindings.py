"""Bindings whose tasks fail with every kind of exception class, and what makes one of each."""
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Final
from uuid import UUID

import attrs
from pydantic import BaseModel

from taskcontract import Service

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["KINDS", "SameError", "failing", "forget", "lock", "lock_v2", "lose", "lose_twice", "show"]

failing = Service("failing", queue="failing")

AT = datetime(2026, 1, 2, 3, 4, 5, 678900, tzinfo=UTC)
ID = UUID("12345678-1234-5678-1234-567812345678")


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Card(BaseModel):
    number: str
    expires: date


class CommonError(Exception):
    """The base of some."""


class PlainError(CommonError):
    """Nothing but what one gives it."""


class BusyError(Exception):
    """Its text is made of its argument, so that its `args` are not what `__init__` takes."""

    def __init__(self, port: int) -> None:
        super().__init__(f"port {port} is busy")
        self.port = port


class KeywordError(Exception):
    """Celery cannot call it with positional arguments."""

    def __init__(self, *, code: int, colour: Colour = Colour.RED) -> None:
        super().__init__(f"code {code}")
        self.code = code
        self.colour = colour


class SilentError(Exception):
    """It gives nothing to Exception."""

    def __init__(self, item: str, *, card: Card) -> None:
        super().__init__()
        self.item = item
        self.card = card

    def __str__(self) -> str:
        return f"{self.item} on {self.card.number}"


class TwoError(Exception):
    """It takes two arguments, and passes on one."""

    def __init__(self, first: str, second: Decimal) -> None:
        super().__init__(second)
        self.first = first
        self.second = second


@dataclass
class DataError(Exception):
    at: datetime
    amounts: list[Decimal] = field(default_factory=list)


@dataclass(frozen=True)
class FrozenError(Exception):
    id: UUID
    cards: tuple[Card, ...] = ()


@attrs.define
class AttrsError(Exception):
    day: date
    colour: Colour = Colour.BLUE


@attrs.frozen(kw_only=True)
class KeywordAttrsError(Exception):
    took: timedelta


class LaterError(Exception):
    """Its attributes are set by whoever raises it."""

    code: int
    seen: set[str]


class ReducedError(Exception):
    """It tells pickle how to make it anew."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(f"{first}/{second}")
        self.first = first
        self.second = second

    def __reduce__(self) -> Any:
        return type(self), (self.first, self.second)


class OddReducedError(Exception):
    """It tells pickle something wrong."""

    def __init__(self, code: int) -> None:
        super().__init__("odd")
        self.code = code

    def __reduce__(self) -> Any:
        return type(self), ()


class Outer:
    class NestedError(Exception):
        def __init__(self, depth: int) -> None:
            super().__init__("nested", depth)
            self.depth: Final = depth


class SlottedError(Exception):
    __slots__ = ("code", "when")

    def __init__(self, code: int, when: time) -> None:
        super().__init__("slotted")
        self.code = code
        self.when = when


class PropertyError(Exception):
    """It keeps its argument under a private name."""

    kept: ClassVar[int] = 3

    def __init__(self, code: bytes) -> None:
        super().__init__("private")
        self._code = code

    @property
    def code(self) -> bytes:
        return self._code


class InheritedError(BusyError):
    def __init__(self, port: int, host: str) -> None:
        super().__init__(port)
        self.host = host


class UntypedError(Exception):
    def __init__(self, code, *rest, lock=None):
        super().__init__(*rest)
        self.code = code
        self.lock = lock


class DiskError(OSError):
    """One of Python's own, which keeps its values outside of `__dict__`."""


class ReadError(UnicodeDecodeError):
    """One of Python's own that takes five arguments."""


class EnumArgumentError(Exception):
    """What it takes is only in its `args`."""

    def __init__(self, colour: Colour, card: Card) -> None:
        super().__init__(colour, card)


def _make_local() -> type[Exception]:
    class LocalError(Exception):
        def __init__(self, code: int) -> None:
            super().__init__(f"local {code}")
            self.code = code

    return LocalError


LocalError: Any = _make_local()


class ChoosyError(Exception):
    """Made by a `__new__` of its own."""

    def __new__(cls, *, code: int) -> ChoosyError:
        return super().__new__(cls, code)

    def __init__(self, *, code: int) -> None:
        self.code = code


class GoneError(CommonError):
    """What the provider raises a subclass of, which no caller can import."""

    def __init__(self, key: str) -> None:
        super().__init__(f"{key} is gone")
        self.key = key


class SameError(Exception):
    """It is raised until the retries are over."""

    def __init__(self, *, tries: int) -> None:
        super().__init__(f"tried {tries} times")
        self.tries = tries


class ShownError(Exception):
    """A model in a field that no annotation names."""

    def __init__(self, text: str) -> None:
        super().__init__(f"shown: {text}", object())
        self.lock = object()


def _later() -> Exception:
    error = LaterError("set later")
    error.code = 7
    error.seen = {"a", "b"}
    return error


def _noted() -> Exception:
    error = PlainError("noted")
    error.add_note("this is why")
    return error


CARD = Card(number="4711", expires=date(2027, 1, 1))

KINDS: dict[str, Callable[[], Exception]] = {
    "plain": lambda: PlainError("plain", 2),
    "nothing": PlainError,
    "of values": lambda: PlainError(AT, Decimal("1.50"), ID, b"\xff", (1, 2), {"a": [None]}),
    "noted": _noted,
    "made text": lambda: BusyError(8080),
    "keywords": lambda: KeywordError(code=5, colour=Colour.BLUE),
    "silent": lambda: SilentError("tea", card=CARD),
    "two": lambda: TwoError("a", Decimal("2.5")),
    "dataclass": lambda: DataError(AT, [Decimal(1)]),
    "frozen": lambda: FrozenError(ID, (CARD,)),
    "attrs": lambda: AttrsError(date(2026, 1, 2)),
    "attrs keywords": lambda: KeywordAttrsError(took=timedelta(hours=1)),
    "later": _later,
    "reduced": lambda: ReducedError(1, 2),
    "oddly reduced": lambda: OddReducedError(9),
    "nested": lambda: Outer.NestedError(3),
    "slotted": lambda: SlottedError(4, time(1, 2)),
    "property": lambda: PropertyError(b"\x00\x01"),
    "inherited": lambda: InheritedError(80, "localhost"),
    "untyped": lambda: UntypedError(AT, "x", ID),
    "disk": lambda: DiskError(2, "No such file", "a.txt"),
    "reading": lambda: ReadError("utf-8", b"\xff", 0, 1, "invalid"),
    "enum in args": lambda: EnumArgumentError(Colour.RED, CARD),
    "local": lambda: LocalError(6),
    "own new": lambda: ChoosyError(code=8),
    "built in": lambda: KeyError("k"),
    "built in, of values": lambda: FileNotFoundError(2, "No such file", "b.txt"),
    "none of the callers'": lambda: GoneError("k/1"),
}
"""What each kind is at its callers: the worker raises the same, or what derives from it."""


@failing.task(
    version="1.0.0",
    errors=(
        PlainError,
        BusyError,
        KeywordError,
        SilentError,
        TwoError,
        DataError,
        FrozenError,
        AttrsError,
        KeywordAttrsError,
        LaterError,
        ReducedError,
        OddReducedError,
        Outer.NestedError,
        SlottedError,
        PropertyError,
        InheritedError,
        UntypedError,
        DiskError,
        ReadError,
        EnumArgumentError,
        LocalError,
        ChoosyError,
        KeyError,
        FileNotFoundError,
        GoneError,
    ),
)
def lose(kind: str) -> str: ...


@failing.task(version="1.0.0", errors=(SameError,))
def lose_twice(times: int) -> str: ...


@failing.task(version="1.0.0", errors=(BusyError,))
def lock(port: int) -> str: ...


@failing.task(version="2.0.0", supersedes=lock, errors=(KeywordError,))
def lock_v2(port: int) -> str: ...


@failing.task(version="1.0.0", errors=(BusyError,), ignore_result=True)
def forget(port: int) -> None: ...


@failing.task(version="1.0.0", errors=(ShownError,))
def show(text: str) -> str: ...
