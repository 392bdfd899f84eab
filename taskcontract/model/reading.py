"""Reading untrusted JSON piece by piece: each wrong piece is an error with its JSON path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from taskcontract.errors import SpecError
from taskcontract.model.schema_form import find_schema_fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["Node"]


class Node:
    """A value in a file together with where it stands: `contracts/x.json: $.tasks[0].name`."""

    __slots__ = ("_at", "file", "value")

    def __init__(self, value: Json, *, file: str, path: str = "$") -> None:
        self.value = value
        self.file = file
        self._at: str | tuple[Node, str] = path

    def _inside(self, value: Json, step: str) -> Node:
        node = Node(value, file=self.file)
        node._at = (self, step)
        return node

    @property
    def path(self) -> str:
        """The JSON path: `$.tasks[0].name`. Spelled only when it is asked for, as few are."""
        return self._at if isinstance(self._at, str) else f"{self._at[0].path}{self._at[1]}"

    def fail(self, what: str, do: str = "") -> NoReturn:
        """Raise the SpecError that says `what` is wrong here."""
        raise SpecError(what, where=f"{self.file}: {self.path}", do=do)

    def get(self, key: str) -> Node | None:
        """Return the member `key` of this object, or None where it is absent or null."""
        value = self.object().get(key)
        return None if value is None else self._inside(value, f".{key}")

    def __getitem__(self, key: str) -> Node:
        members = self.object()
        if key not in members:
            self.fail(f"{key!r} is missing here")
        return self._inside(members[key], f".{key}")

    def text_of(self, key: str) -> str:
        """Return `self[key].text()`, without a node for the member where nothing is wrong with it."""
        value = self.value.get(key) if type(self.value) is dict else None
        return value if type(value) is str else self[key].text()

    def schema_of(self, key: str) -> Json:
        """Return `self[key].schema()`, without a node for the member where nothing is wrong with it."""
        value = self.value.get(key) if type(self.value) is dict else None
        return value if value is not None and find_schema_fault(value) is None else self[key].schema()

    def items(self) -> Iterator[Node]:
        """Yield each item of this array."""
        if not isinstance(self.value, list):
            self.fail(f"an array is expected here, not {_kind(self.value)}")
        for index, item in enumerate(self.value):
            yield self._inside(item, f"[{index}]")

    def object(self) -> dict[str, Json]:
        """Return this object's members."""
        if not isinstance(self.value, dict):
            self.fail(f"an object is expected here, not {_kind(self.value)}")
        return self.value

    def text(self, *, among: frozenset[str] | None = None) -> str:
        """Return this string; `among` names the only ones allowed."""
        if not isinstance(self.value, str):
            self.fail(f"a string is expected here, not {_kind(self.value)}")
        if among is not None and self.value not in among:
            self.fail(f"{self.value!r} is not one of {', '.join(sorted(among))}")
        return self.value

    def flag(self) -> bool:
        """Return this boolean."""
        if not isinstance(self.value, bool):
            self.fail(f"true or false is expected here, not {_kind(self.value)}")
        return self.value

    def schema(self) -> Json:
        """Return this JSON Schema, well-formed."""
        fault = find_schema_fault(self.value)
        if fault is not None:
            self._inside(None, fault[0]).fail(fault[1])
        return self.value

    def date(self) -> str:
        """Return this day, as YYYY-MM-DD."""
        from datetime import date

        try:
            day = date.fromisoformat(self.text())
        except ValueError:
            day = None
        if day is None or day.isoformat() != self.value:
            self.fail(f"a date is expected here, such as 2027-06-30, not {self.value!r}")
        return self.text()


def _kind(value: Json) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array"}
    return "null" if value is None else names.get(type(value), "an object")
