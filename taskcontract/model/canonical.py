"""Canonical JSON: one text for one value; and a reader that takes nothing doubtful or unbounded."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from taskcontract.errors import SpecError

__all__ = ["MOST_PIECES", "Json", "dump_canonical", "parse_json"]

Json = Any
"""A JSON value: None, bool, int, float, str, list or dict with string keys."""

DEEPEST = 200
"""Levels of nesting. Every reader of ours may recurse this far, on any Python."""

MOST_PIECES = 2_500_000
"""Commas and brackets: a bound on the memory of a parsed file (some 300 MB), far above any spec."""


def dump_canonical(value: Json) -> str:
    """Return `value` as text: sorted keys, two spaces of indent, a final newline; same value, same bytes."""
    return json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n"


def parse_json(text: str, *, where: str) -> Json:
    """Return the value that `text` spells, or a SpecError that names `where` and the line or the JSON path.

    Doubled keys, NaN, numbers without bound, half characters and nesting beyond 200 levels are
    refused: two readers could understand them differently, or not at all.
    """
    if len(text) > MOST_PIECES and sum(map(text.count, ",[{")) > MOST_PIECES:
        raise SpecError(
            f"this JSON has more than {MOST_PIECES:,} values",
            where=where,
            do="No spec or contract is as large: check that this is the right file.",
        )
    try:
        value = json.loads(text, object_pairs_hook=_distinct, parse_constant=_Doubt, parse_float=_finite)
    except json.JSONDecodeError as error:
        cut_short = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        what = "this JSON file is cut short" if cut_short else f"this is not JSON: {error.msg}"
        raise SpecError(
            f"{what} (line {error.lineno}, column {error.colno})",
            where=where,
            do="Write the file again with the tool that made it, or restore it from version control.",
        ) from None
    except RecursionError:
        raise _too_deep(where) from None
    except ValueError:  # an int of more digits than Python converts
        raise SpecError(
            "a number here has thousands of digits",
            where=where,
            do="Write it as a string, or check that this is the right file.",
        ) from None
    _refuse_doubtful(value, text, where)
    return value


class _Doubt:
    """Stands in a parsed value where readers would disagree; `what` says why."""

    __slots__ = ("what",)

    def __init__(self, constant: str, *, what: str = "") -> None:
        self.what = what or f"{constant} is not a JSON number"


def _distinct(pairs: list[tuple[str, Json]]) -> Json:
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    doubled = Counter(name for name, _ in pairs).most_common(1)[0][0]
    return _Doubt(doubled, what=f"the key {doubled!r} stands twice in one object")


def _finite(text: str) -> Json:
    number = float(text)
    return number if abs(number) != float("inf") else _Doubt(text, what=f"{text} is larger than any number")


def _refuse_doubtful(value: Json, text: str, where: str) -> None:
    level: list[Any] = [[value]]
    for _ in range(DEEPEST + 1):
        members = [item.values() if type(item) is dict else item for item in level]
        level = [item for inside in members for item in inside if type(item) in _INNER]
        if not level:
            break
        if _Doubt in map(type, level):
            path, doubt = _find_doubt(value, "$")
            raise SpecError(doubt.what, where=f"{where}: {path}", do="Correct it: readers would disagree.")
    else:
        raise _too_deep(where)
    if "\\ud" in text or "\\uD" in text:
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise SpecError(
                "a string here holds half of a character (a lone surrogate, \\ud800 to \\udfff)",
                where=where,
                do="Write the whole character.",
            ) from None


_INNER = frozenset({dict, list, _Doubt})


def _find_doubt(value: Json, path: str) -> tuple[str, _Doubt]:
    waiting: list[tuple[str, Json]] = [(path, value)]
    while True:
        path, value = waiting.pop()
        if isinstance(value, _Doubt):
            return path, value
        if isinstance(value, dict):
            inside = [(f"{path}.{name}", item) for name, item in value.items()]
        else:
            inside = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
        waiting += [(place, item) for place, item in inside if type(item) in _INNER]


def _too_deep(where: str) -> SpecError:
    return SpecError(
        f"this JSON is nested more than {DEEPEST} levels deep: it is neither a spec nor a contract",
        where=where,
        do="Check that this is the right file.",
    )
