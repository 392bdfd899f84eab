"""What of a secret a spec would publish: its only value, and the defaults inside its type."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from taskcontract.declare.secret import is_marked
from taskcontract.declare.wire.known import is_secret
from taskcontract.declare.wire.parts import PARTS, walk_core
from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.model.canonical import Json

__all__ = ["publishes_secret", "without_defaults"]

_OBJECTS = frozenset({"model-fields", "dataclass-args", "typed-dict", "arguments"})
_ONE_TEXT = re.compile(r"(?:\^|\\A)?(?:[\w\s@%&=:;,~#'\"/<>!`-]|\\\W)+(?:\$|\\Z|\\z)?")
"""A pattern without a choice: a text has it, or at least this part."""


def publishes_secret(core: Any, *, whole: bool) -> bool:
    """Return whether a secret in `core` (`whole`: all of it) has only one value, which its spec says."""
    named = {part["ref"]: part for part in walk_core(core) if "ref" in part}
    secrets = [core] if whole else (part for part in walk_core(core) if is_marked(part) or is_secret(part))
    return any(_has_one_value(secret, named) for secret in secrets)


def without_defaults(schema: Json) -> Json:
    """Return `schema` without the notes of defaults in it, which assert nothing."""
    if not isinstance(schema, dict):
        return schema
    parts = change_parts(schema, without_defaults)
    return {name: part for name, part in parts.items() if name != "default"}


def _has_one_value(core: Any, named: dict[str, Any]) -> bool:
    values: set[tuple[type, str]] = set()
    for leaf in _leaves(core, named, set()):
        found = list(_values_of(leaf))
        if len(found) != 1:
            return False
        values |= {(type(value), repr(value)) for value in found}
    return len(values) == 1


def _leaves(core: Any, named: dict[str, Any], seen: set[str]) -> Iterator[Any]:
    """Yield the parts that say what a value is, but for None; what has fields is such a part as it stands."""
    if isinstance(core, (list, tuple)):
        for part in core:
            yield from _leaves(part, named, seen)
    elif isinstance(core, dict):
        kind = core.get("type")
        if kind == "definition-ref":
            if core["schema_ref"] not in seen:
                yield from _leaves(named.get(core["schema_ref"]), named, seen | {core["schema_ref"]})
            return
        if not isinstance(kind, str):  # choices by their tags
            yield from _leaves(list(core.values()), named, seen)
            return
        inner = [core[name] for name in PARTS - {"definitions"} if name in core and kind not in _OBJECTS]
        if inner:
            for part in inner:
                yield from _leaves(part, named, seen)
        elif kind != "none":
            yield core


def _values_of(leaf: Any) -> Iterator[Any]:
    """Yield the value of a part that has only one; several for a part that has more or is not known."""
    if leaf["type"] == "literal":
        yield from (value for value in leaf["expected"] if value is not None)
    elif leaf["type"] == "enum":
        yield from leaf["members"]
    elif leaf["type"] == "str" and _ONE_TEXT.fullmatch(leaf.get("pattern") or ".*"):
        yield leaf["pattern"]
    elif leaf["type"] in ("int", "float", "decimal") and _lowest(leaf) == _highest(leaf) is not None:
        yield _lowest(leaf)


def _lowest(leaf: Any) -> Any:
    """Return the lowest number of a part, where its limits say it."""
    return leaf["gt"] + 1 if leaf["type"] == "int" and "gt" in leaf else leaf.get("ge")


def _highest(leaf: Any) -> Any:
    return leaf["lt"] - 1 if leaf["type"] == "int" and "lt" in leaf else leaf.get("le")
