"""Canonical JSON: one text for one value; and a reader that takes nothing doubtful."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from taskcontract.errors import SpecError

__all__ = ["Json", "dump_canonical", "parse_json"]

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict with string keys."""


def dump_canonical(value: Json) -> str:
    """`value` as text: keys sorted, two spaces of indent, one final newline; same value, same bytes."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def parse_json(text: str, *, where: str) -> Json:
    """The value that `text` spells, or a SpecError that names `where` and the line.

    Doubled keys and NaN or Infinity are refused: two readers could understand them differently.
    """
    try:
        return json.loads(text, object_pairs_hook=_distinct, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        cut_short = error.pos >= len(text.rstrip())
        what = "this JSON file is cut short" if cut_short else f"this is not JSON: {error.msg}"
        raise SpecError(
            f"{what} (line {error.lineno}, column {error.colno})",
            where=where,
            do="Write the file again with the tool that made it, or restore it from version control.",
        ) from None
    except _DoubtfulError as error:
        raise SpecError(
            str(error), where=where, do="Remove it: readers would disagree on its meaning."
        ) from None
    except RecursionError:
        raise SpecError(
            "this JSON is nested too deeply to be a spec or a contract",
            where=where,
            do="Check that this is the right file.",
        ) from None


class _DoubtfulError(ValueError):
    """What the JSON reader lets through but two readers would understand differently."""


def _distinct(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        doubled = next(name for name in names if names.count(name) > 1)
        raise _DoubtfulError(f"the key {doubled!r} stands twice in one object")
    return members


def _refuse_constant(text: str) -> NoReturn:
    raise _DoubtfulError(f"{text} is not a JSON number")
