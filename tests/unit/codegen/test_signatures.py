"""Types are spelled so that another module can import what they name."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, NewType, Optional, TypeVar

import pytest
from pydantic import BaseModel
from typing_extensions import TypedDict

from taskcontract.codegen.imports import Imports, Origin
from taskcontract.codegen.signatures import write_annotation

T = TypeVar("T")
UserId = NewType("UserId", int)
Renamed = TypedDict("Renamed", {"a-b": int})
Renamed.__name__ = Renamed.__qualname__ = "Elsewhere"


class Colour(Enum):
    RED = "red"


class Box(BaseModel, Generic[T]):
    """A generic model, whose parametrised forms are classes."""

    item: T


@dataclass
class Outer:
    @dataclass
    class Inner:
        pass


def from_here(*names: str) -> list[str]:
    return [f"from {__name__} import {', '.join(names)}"]


@pytest.mark.parametrize(
    ("annotation", "text", "imported"),
    [
        (str, "str", []),
        (None, "None", []),
        (type(None), "None", []),
        (Any, "Any", ["from typing import Any"]),
        (date, "date", ["from datetime import date"]),
        (Path, "Path", ["from pathlib import Path"]),
        (Optional[date], "date | None", ["from datetime import date"]),  # noqa: UP045
        (int | str, "int | str", []),
        (Annotated[int, 5], "int", []),
        (list[Annotated[Decimal, 5]], "list[Decimal]", ["from decimal import Decimal"]),
        (typing.List[int], "list[int]", []),  # noqa: UP006
        (typing.Sequence[int], "Sequence[int]", ["from collections.abc import Sequence"]),
        (tuple[int, ...], "tuple[int, ...]", []),
        (tuple[()], "tuple[()]", []),
        (Literal["a", 1, None], 'Literal["a", 1, None]', ["from typing import Literal"]),
        (Literal[Colour.RED], "Literal[Colour.RED]", [*from_here("Colour"), "from typing import Literal"]),
        (UserId, "UserId", from_here("UserId")),
        (Outer.Inner, "Outer.Inner", from_here("Outer")),
        (Box[int], "Box[int]", from_here("Box")),
        (Renamed, "Renamed", from_here("Renamed")),
        (list[T], "list[Any]", ["from typing import Any"]),  # type: ignore[valid-type]
        (type("Nowhere", (), {}), "Any", ["from typing import Any"]),
    ],
)
def test_types_are_spelled_with_their_imports(annotation: Any, text: str, imported: list[str]) -> None:
    imports = Imports({})
    assert write_annotation(annotation, imports) == text
    assert imports.write(1000) == imported


def test_hidden_names_are_imported_by_others() -> None:
    imports = Imports({name: Origin("", name) for name in ("list", "date")})
    assert write_annotation(list[date], imports, {"list", "date"}) == "list_2[date_2]"
    assert imports.write(100) == [
        "from builtins import list as list_2",
        "from datetime import date as date_2",
    ]
