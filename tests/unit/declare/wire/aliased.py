"""Types that a `type` statement names, which Python has since 3.12."""

from __future__ import annotations

import sys
from datetime import date
from typing import Annotated, Any

from annotated_types import Len

__all__ = ["ALIASED"]

SOURCE = """
type Ident = int | str
type Days = list[date]
type Either[T] = T | list[T]
type Nest = int | dict[str, Nest]
type Named = Annotated[str, Len(1, 4)]
"""


def _aliased() -> dict[str, tuple[Any, list[Any]]]:
    if sys.version_info < (3, 12):
        return {}
    names: dict[str, Any] = {"Annotated": Annotated, "Len": Len, "date": date, "__name__": __name__}
    exec(SOURCE, names)  # older Pythons do not read it
    return {
        "type-union": (names["Ident"], [1, "a"]),
        "type-list": (names["Days"], [[date(2024, 2, 29)]]),
        "type-generic": (names["Either"][date], [date(2024, 2, 29), [date(2024, 2, 29)]]),
        "type-recursive": (names["Nest"], [1, {"a": {"b": 2}}]),
        "type-constrained": (names["Named"], ["a", "abcd"]),
    }


ALIASED = _aliased()
