"""The parameters of a declared task, read from its function without its type hints."""

from __future__ import annotations

import inspect
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any
from uuid import UUID

from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from taskcontract.model.service import ParameterKind

__all__ = ["KINDS", "place_of", "read_signature"]

KINDS: dict[Any, ParameterKind] = {
    inspect.Parameter.POSITIONAL_ONLY: "positional-only",
    inspect.Parameter.POSITIONAL_OR_KEYWORD: "positional-or-keyword",
    inspect.Parameter.VAR_POSITIONAL: "var-positional",
    inspect.Parameter.KEYWORD_ONLY: "keyword-only",
    inspect.Parameter.VAR_KEYWORD: "var-keyword",
}


def place_of(function: Callable[..., Any]) -> str:
    """Return `bindings/pusher.py:12 send_to_s3`: where a reader finds the function."""
    code = getattr(function, "__code__", None)
    name = getattr(function, "__qualname__", repr(function))
    return f"{code.co_filename}:{code.co_firstlineno} {name}" if code else name


def read_signature(function: Callable[..., Any]) -> inspect.Signature:
    """Return the signature of `function`; a DeclarationError for a default without JSON form or a `self`."""
    signature = inspect.signature(function)
    if next(iter(signature.parameters), "") == "self":
        raise DeclarationError(
            "`self` is not a parameter that a caller gives",
            where=place_of(function),
            do="Leave it out of the binding. The worker's function gets the task with "
            "@provider.implements(..., bind=True).",
        )
    for parameter in signature.parameters.values():
        default = parameter.default
        if default is not inspect.Parameter.empty and not _is_serialisable(default):
            raise DeclarationError(
                f"the default of parameter {parameter.name!r}, {default!r}, cannot be sent as JSON",
                where=place_of(function),
                do="Use a plain value, or None and let the provider fill it in.",
            )
    return signature


def _is_serialisable(value: object) -> bool:
    """Return whether `value` is of a kind that the type machinery turns into JSON."""
    if isinstance(value, float):
        return isfinite(value)
    if value is None or isinstance(
        value, (str, int, Enum, date, datetime, time, timedelta, Decimal, UUID, bytes)
    ):
        return True
    if isinstance(value, (list, tuple)):
        return all(map(_is_serialisable, value))
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_serialisable(item) for key, item in value.items())
    if is_dataclass(value) and not isinstance(value, type):
        return all(_is_serialisable(getattr(value, field.name)) for field in fields(value))
    return hasattr(value, "model_dump")
