"""Whether a value arrives as it was sent, where the JSON of several types looks alike."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from taskcontract.declare.wire.checks import is_own_of_pydantic
from taskcontract.declare.wire.known import is_known
from taskcontract.declare.wire.parts import walk_core

if TYPE_CHECKING:
    from taskcontract.declare.wire.writer import Core

__all__ = ["arrives", "can_mix_up", "runs_code"]

_TEXT, _NUMBER, _ARRAY, _OBJECT = "text", "number", "array", "object"

_LOOKS: dict[str, frozenset[str]] = {
    **dict.fromkeys(("none", "bool"), frozenset()),
    **dict.fromkeys(("int", "float"), frozenset({_NUMBER})),
    "decimal": frozenset({_TEXT, _NUMBER}),
    **dict.fromkeys(("str", "date", "datetime", "time", "timedelta", "uuid", "bytes"), frozenset({_TEXT})),
    **dict.fromkeys(("literal", "enum", "url", "multi-host-url"), frozenset({_TEXT})),
    **dict.fromkeys(("json", "complex", "fraction"), frozenset({_TEXT})),
    **dict.fromkeys(("list", "tuple", "set", "frozenset", "deque", "generator"), frozenset({_ARRAY})),
    "named-tuple": frozenset({_ARRAY, _OBJECT}),
    **dict.fromkeys(
        ("dict", "ordered-dict", "counter", "model", "dataclass", "typed-dict"), frozenset({_OBJECT})
    ),
}
"""What the JSON of a type's values looks like; what is not listed may look like anything."""

_ANYTHING = frozenset({_TEXT, _NUMBER, _ARRAY, _OBJECT})
_EQUAL = frozenset({"int", "float"})
"""Types whose values are equal where they look alike."""

_INSIDE = ("schema", "strict_schema", "json_schema")


def can_mix_up(core: Any) -> bool:
    """Return whether a core schema holds a union of types whose JSON may look alike, such as `date | str`."""
    return any(part["type"] == "union" and _looks_alike(part["choices"]) for part in walk_core(core))


def _looks_alike(choices: Any) -> bool:
    bare = [choice[0] if isinstance(choice, tuple) else choice for choice in choices]
    return any(
        not {one["type"], other["type"]} <= _EQUAL and _looks_of(one) & _looks_of(other)
        for one, other in combinations(bare, 2)
    )


def runs_code(core: Any) -> bool:
    """Return whether a part of a core schema calls code of the user's or changes what it has checked.

    That is a text in another case, or the JSON in a text, which is written as what it holds.
    """
    return any(
        part["type"] == "json"
        or (part["type"] == "str" and (part.get("to_lower") or part.get("to_upper")))
        or _calls_code(part.get("function"))
        or _calls_code((part.get("serialization") or {}).get("function"))
        for part in walk_core(core)
    )


def _calls_code(function: Any) -> bool:
    if isinstance(function, dict):
        function = function.get("function")
    return function is not None and not is_own_of_pydantic(function) and not is_known(function)


def _looks_of(core: Core) -> frozenset[str]:
    looks = _LOOKS.get(core["type"])
    if looks is not None:
        return looks
    parts = [part for name in _INSIDE if isinstance(part := core.get(name), dict)]
    if core["type"] in ("union", "tagged-union"):
        choices = core["choices"].values() if isinstance(core["choices"], dict) else core["choices"]
        parts = [choice[0] if isinstance(choice, tuple) else choice for choice in choices]
    return frozenset[str]().union(*map(_looks_of, parts)) if parts else _ANYTHING


def arrives(sent: Any, back: Any) -> bool:
    """Return whether `back`, read from the JSON of `sent`, is the same value of the same type."""
    if isinstance(sent, (int, float)) and isinstance(back, (int, float)):
        return sent == back
    if not isinstance(sent, type(back)):
        return False
    if isinstance(sent, (list, tuple)):
        return len(sent) == len(back) and all(map(arrives, sent, back))
    if isinstance(sent, dict):
        return len(sent) == len(back) and all(map(arrives, sent.values(), back.values()))
    names = _fields_of(sent)
    if names is not None:
        return all(arrives(getattr(sent, name, None), getattr(back, name, None)) for name in names)
    return bool(sent == back)


def _fields_of(value: Any) -> list[str] | None:
    """Return the fields of a model or a dataclass that travel; None for any other value."""
    if is_dataclass(value):
        return [field.name for field in fields(value) if field.init]
    known = getattr(type(value), "model_fields", None)
    if isinstance(known, dict):
        return [name for name, field in known.items() if not field.exclude]
    return None
