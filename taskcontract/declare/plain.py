"""Plain types: those whose Python values are JSON values as they stand.

Pydantic-core checks them without pydantic, whose import costs more than all else that a consumer pays for.
"""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

__all__ = ["plain_schema"]

_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "str", "strict": True},
    int: {"type": "int", "strict": True},
    bool: {"type": "bool", "strict": True},
    float: {"type": "float", "strict": True, "allow_inf_nan": False},
    None: {"type": "none"},
    types.NoneType: {"type": "none"},
}


def plain_schema(annotation: Any) -> dict[str, Any] | None:
    """Return the pydantic-core schema of a plain type, or None for any other type."""
    if annotation is Any or annotation is object:
        return {"type": "any"}
    try:
        if annotation in _SCALARS:
            return _SCALARS[annotation]
    except TypeError:  # unhashable
        return None
    origin, args = get_origin(annotation), get_args(annotation)
    if not args:  # `typing.List` alone
        return None
    if origin is list:
        item = plain_schema(args[0])
        return item and {"type": "list", "items_schema": item, "strict": True}
    if origin is dict and args[0] is str:
        item = plain_schema(args[1])
        return item and {
            "type": "dict",
            "keys_schema": _SCALARS[str],
            "values_schema": item,
            "strict": True,
        }
    # Numbers among the choices are left to pydantic: the plain check takes True for 1.
    if origin is Literal and all(type(arg) in (str, types.NoneType) for arg in args):
        return {"type": "literal", "expected": list(args)}
    if origin is Union or origin is types.UnionType:
        choices = [plain_schema(arg) for arg in args]
        return None if None in choices else {"type": "union", "choices": choices}
    return None
