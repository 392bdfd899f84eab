"""Checks that only code knows: their names, and a hash that changes when what they check may have changed."""

from __future__ import annotations

import functools
import re
from dataclasses import fields, is_dataclass
from datetime import date, time, timedelta, tzinfo
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from hashlib import sha256
from inspect import ismodule
from pathlib import Path
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING
from uuid import UUID

from taskcontract.declare.wire.sources import names_in, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["hash_of", "hash_of_core", "is_foreign", "is_own_of_pydantic", "name_of"]

_PLAIN = (str, bytes, int, float, complex, Decimal, Fraction, date, time, timedelta, tzinfo, UUID, range)

DEEPEST = 4
"""How far a hash follows the functions that a check calls."""


def name_of(check: object) -> str:
    """Return `Mail.at`, `at_least(3)`'s `at_least`: the name that its author gave the check."""
    while isinstance(check, functools.partial):
        check = check.func
    named = getattr(check, "__qualname__", None) or type(check).__qualname__
    parts = named.split(".<locals>.")
    return parts[-2] if parts[-1] == "<lambda>" and len(parts) > 1 else parts[-1]


def hash_of(check: object) -> str:
    """16 hexadecimal digits for the check's source and the plain values that it was made with or refers to.

    Comments and layout do not count, nor where the code stands. Functions that it calls by name count where
    they are of the same top-level package.
    """
    return sha256("\n".join(_facts(check, 0)).encode()).hexdigest()[:16]


def hash_of_core(core: object) -> str:
    """Return the same for a pydantic-core schema, whose references hold memory addresses."""
    return hash_of(_without_addresses(core))


def _without_addresses(core: object) -> object:
    if isinstance(core, (list, tuple)):
        return [_without_addresses(part) for part in core]
    if isinstance(core, dict):
        return {
            name: re.sub(r":\d+", "", part) if name == "schema_ref" else _without_addresses(part)
            for name, part in core.items()
            if name not in ("metadata", "ref")
        }
    return core


def is_own_of_pydantic(check: object) -> bool:
    """Return whether pydantic itself brings the check, so that its source is not the user's."""
    while isinstance(check, functools.partial):
        check = check.func
    check = getattr(check, "__func__", check)
    module: str = getattr(check, "__module__", None) or type(check).__module__
    return module.partition(".")[0] in ("pydantic", "pydantic_core")


def is_foreign(check: object) -> bool:
    """Return whether this is code of the user's: neither pydantic's nor a built-in function."""
    return (
        check is not None
        and not is_own_of_pydantic(check)
        and getattr(check, "__module__", None) not in ("builtins", "operator")
    )


def _facts(check: object, depth: int) -> Iterator[str]:
    """Yield the texts that stand for a check, in a fixed order."""
    if isinstance(check, functools.partial):
        yield from _facts(check.func, depth)
        for value in (*check.args, *sorted(check.keywords.items())):
            yield from _value(value, depth)
        return
    if isinstance(check, MethodType):
        if not isinstance(check.__self__, type):
            yield from _value(vars(check.__self__) if hasattr(check.__self__, "__dict__") else "", depth)
        check = check.__func__
    if is_own_of_pydantic(check):
        yield f"pydantic {name_of(check)}"
    elif isinstance(check, FunctionType):
        yield read_source(check)
        yield from _surroundings(check, depth)
    elif isinstance(check, type):
        yield f"{check.__module__}.{check.__qualname__}"
        yield read_source(check)
    elif callable(check) and not isinstance(check, BuiltinFunctionType):
        yield read_source(type(check))
        yield from _value(getattr(check, "__dict__", None), depth)
    else:
        yield from _value(check, depth)


def _surroundings(function: FunctionType, depth: int) -> Iterator[str]:
    """Yield what the function was made with, and what of its module it refers to."""
    code = function.__code__
    for value in (function.__defaults__ or (), function.__kwdefaults__ or {}):
        yield from _value(value, depth)
    for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True):
        yield name
        try:
            value = cell.cell_contents
        except ValueError:  # not set yet
            continue
        if value is not function:
            yield from _value(value, depth)
    package = (function.__module__ or "").partition(".")[0]
    for name in sorted(name for name in names_in(code) if not name.startswith("__")):
        value = function.__globals__.get(name, re)
        if isinstance(value, FunctionType) and (value.__module__ or "").partition(".")[0] != package:
            continue
        if value is not function and not ismodule(value):
            yield name
            if not _is_place(value, function.__globals__.get("__file__")):
                yield from _value(value, depth)


def _is_place(value: object, file: str | None) -> bool:
    """Return whether a text says where the module lies: inside of its folder, or a folder around it."""
    if not isinstance(value, str) or not file or not Path(value).is_absolute():
        return False
    return value.startswith(str(Path(file).parent)) or file.startswith(value)


def _value(value: object, depth: int) -> Iterator[str]:
    """Yield a plain value as text, a function by its own facts; of anything else, its type alone.

    Only what is the same in each process is written: no memory address, no state of a service.
    """
    if value is None or isinstance(value, _PLAIN):
        yield repr(value)
    elif isinstance(value, re.Pattern):
        yield f"{value.pattern!r} {value.flags}"
    elif isinstance(value, (dict, list, tuple, set, frozenset)):
        yield from _container(value, depth)
    elif isinstance(value, (FunctionType, MethodType, functools.partial)) and depth < DEEPEST:
        yield from _facts(value, depth + 1)
    else:
        yield from _instance(value, depth)


def _container(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, dict):
        yield "{"
        for name, item in sorted(value.items(), key=lambda pair: _text(pair[0], depth)):
            yield from _value(name, depth)
            yield from _value(item, depth)
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for item in value:
            yield from _value(item, depth)
        yield "]"
    elif isinstance(value, (set, frozenset)):
        yield from sorted(_text(item, depth) for item in value)


def _instance(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, Enum):
        yield f"{type(value).__qualname__}.{value.name}"
        yield from _value(value.value, depth)
    elif depth < DEEPEST and is_dataclass(value) and not isinstance(value, type):
        yield type(value).__qualname__
        yield from _value({each.name: getattr(value, each.name, None) for each in fields(value)}, depth + 1)
    else:
        named = value if isinstance(value, (type, BuiltinFunctionType)) else type(value)
        yield f"{named.__module__}.{named.__qualname__}"
        if isinstance(named, BuiltinFunctionType) and not ismodule(named.__self__):
            yield from _value(named.__self__, depth)


def _text(value: object, depth: int) -> str:
    return "\n".join(_value(value, depth))
