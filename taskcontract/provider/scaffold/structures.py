"""Structures: what they always have, how a member of one is read, and how one is made of its members."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args, get_origin

from typing_extensions import get_type_hints, is_typeddict

from taskcontract.declare.imports import Origin
from taskcontract.provider.scaffold.aliases import read_aliases
from taskcontract.provider.scaffold.layout import wrap
from taskcontract.provider.scaffold.names import is_usable, quote

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.declare.imports import Imports

__all__ = ["bare", "construct", "read_fields", "read_member"]


def read_fields(annotation: Any) -> dict[str, Any]:
    """What a dataclass, a TypedDict or a pydantic model always has, with types; nothing for others."""
    kind = bare(annotation)
    if not isinstance(kind, type):
        return {}
    if is_typeddict(kind):
        required: frozenset[str] = cast("Any", kind).__required_keys__
        return {name: hint for name, hint in get_type_hints(kind).items() if name in required}
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return {field.name: hints[field.name] for field in fields(kind) if field.init}
    # A model's own hints may be type variables of its base.
    return {name: info.annotation for name, info in getattr(kind, "__pydantic_fields__", {}).items()}


def read_member(annotation: Any, expression: str, name: str) -> str:
    """The expression that reads a member of a structure, the value of `expression`."""
    if is_typeddict(bare(annotation)):
        return f"{expression}[{quote(name)}]"
    return f"{expression}.{name}" if is_usable(name) else f"getattr({expression}, {quote(name)})"


def construct(annotation: Any, name: str, values: Mapping[str, str], imports: Imports) -> str | None:
    """The statement that returns a structure of `values`, expressions; None where they do not make one.

    `name` is what the structure is called by. The statement suits type checkers and runs.
    """
    kind = bare(annotation)
    if is_typeddict(kind):
        if all(map(is_usable, values)):
            return _call(name, values)
        return wrap("    return {", _items(values), "}")
    aliases = read_aliases(kind)
    if not aliases:
        return _call(name, values) if _takes(kind, values) else None
    keywords = {each: value for field, value in values.items() if (each := aliases[field].keyword)}
    if len(keywords) == len(values):
        return _call(name, keywords)
    items = {each: value for field, value in values.items() if (each := aliases[field].key) is not None}
    if len(items) < len(values):
        return None
    if is_dataclass(kind):
        adapter = imports.add("TypeAdapter", Origin("pydantic", "TypeAdapter"))
        return wrap(f"    return {adapter}({name}).validate_python({{", _items(items), "})")
    return wrap(f"    return {name}.model_validate({{", _items(items), "})")


def bare(annotation: Any) -> Any:
    """A type without its constraints."""
    return bare(get_args(annotation)[0]) if get_origin(annotation) is Annotated else annotation


def _call(name: str, values: Mapping[str, str]) -> str:
    return wrap(f"    return {name}(", [f"{each}={value}" for each, value in values.items()], ")")


def _items(values: Mapping[str, str]) -> list[str]:
    return [f"{quote(each)}: {value}" for each, value in values.items()]


def _takes(kind: Any, names: Mapping[str, str]) -> bool:
    """Whether a dataclass is made of its fields alone: it may have an `__init__` of its own, or InitVars."""
    try:
        inspect.signature(kind).bind(**names)
    except TypeError:
        return False
    return True
