"""Reading untrusted JSON piece by piece: each wrong piece is an error with its JSON path."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from taskcontract.errors import SpecError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["Node"]


class Node:
    """A value in a file together with where it stands: `contracts/x.json: $.tasks[0].name`."""

    __slots__ = ("file", "path", "value")

    def __init__(self, value: Json, *, file: str, path: str = "$") -> None:
        self.value = value
        self.file = file
        self.path = path

    def fail(self, what: str, do: str = "") -> NoReturn:
        """Raise the SpecError that says `what` is wrong here."""
        raise SpecError(what, where=f"{self.file}: {self.path}", do=do)

    def get(self, key: str) -> Node | None:
        """The member `key` of this object, or None where it is absent or null."""
        value = self.object().get(key)
        return None if value is None else Node(value, file=self.file, path=f"{self.path}.{key}")

    def __getitem__(self, key: str) -> Node:
        members = self.object()
        if key not in members:
            self.fail(f"{key!r} is missing here")
        return Node(members[key], file=self.file, path=f"{self.path}.{key}")

    def items(self) -> Iterator[Node]:
        """Each item of this array."""
        if not isinstance(self.value, list):
            self.fail(f"an array is expected here, not {_kind(self.value)}")
        for index, item in enumerate(self.value):
            yield Node(item, file=self.file, path=f"{self.path}[{index}]")

    def object(self) -> dict[str, Json]:
        """This object's members."""
        if not isinstance(self.value, dict):
            self.fail(f"an object is expected here, not {_kind(self.value)}")
        return self.value

    def text(self, *, among: frozenset[str] | None = None) -> str:
        """This string; `among` names the only ones allowed."""
        if not isinstance(self.value, str):
            self.fail(f"a string is expected here, not {_kind(self.value)}")
        if among is not None and self.value not in among:
            self.fail(f"{self.value!r} is not one of {', '.join(sorted(among))}")
        return self.value

    def flag(self) -> bool:
        """This boolean."""
        if not isinstance(self.value, bool):
            self.fail(f"true or false is expected here, not {_kind(self.value)}")
        return self.value

    def schema(self) -> Json:
        """This JSON Schema, which is an object or a boolean."""
        if not isinstance(self.value, (dict, bool)):
            self.fail(f"a JSON Schema is an object or a boolean, not {_kind(self.value)}")
        return self.value


def _kind(value: Json) -> str:
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "an array"}
    return "null" if value is None else names.get(type(value), "an object")
