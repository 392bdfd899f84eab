"""Typed Python values as the source that makes them: `UUID("...")`, `Order(id=1)`, `Colour.RED`."""

from __future__ import annotations

import dataclasses
import enum
from datetime import date, datetime, time, timedelta
from typing import Any

from taskcontract.model.python_text import spell_json, spell_keywords

__all__ = ["spell_value"]


def spell_value(value: Any) -> str:
    """Source for `value` in one line, each class by its own name; of an unknown class what `repr` says."""
    if isinstance(value, enum.Enum):
        parts = value.name.split("|") if value.name else []  # a flag may be several, or none
        own = type(value).__name__
        return " | ".join(f"{own}.{part}" for part in parts) or f"{own}({spell_value(value.value)})"
    if value is None or type(value) in (bool, int, float, str):
        return spell_json(value)
    if isinstance(value, datetime | date | time):
        return f"{type(value).__name__}.fromisoformat({spell_json(value.isoformat())})"
    if isinstance(value, timedelta):
        return repr(value).removeprefix("datetime.")
    if isinstance(value, bytes | bytearray):
        return repr(value)
    fields = _fields_of(value)
    if fields is not None:
        given = spell_keywords({name: spell_value(item) for name, item in fields.items()})
        return f"{type(value).__name__}({', '.join(given)})"
    if isinstance(value, dict):
        members = (f"{spell_value(key)}: {spell_value(item)}" for key, item in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list | tuple | set | frozenset):
        return _spell_items(value)
    return _spell_by_text(value)


def _fields_of(value: Any) -> dict[str, Any] | None:
    """Return the arguments that construct a dataclass, named tuple or pydantic model; None for others."""
    if dataclasses.is_dataclass(value):
        return {each.name: getattr(value, each.name) for each in dataclasses.fields(value) if each.init}
    model: Any = type(value)
    if isinstance(value, tuple):
        names = getattr(model, "_fields", None)
        return dict(zip(names, value, strict=True)) if names else None
    known = getattr(model, "model_fields", None)
    return _fields_of_model(model, known, value) if isinstance(known, dict) else None


def _fields_of_model(model: Any, known: dict[str, Any], value: Any) -> dict[str, Any]:
    """Return the fields that were given to a pydantic model, each by the name that its constructor takes."""
    config = model.model_config
    by_name = config.get("populate_by_name") or config.get("validate_by_name")
    return {
        name if by_name or not isinstance(field.validation_alias, str) else field.validation_alias: getattr(
            value, name
        )
        for name, field in known.items()
        if name in value.model_fields_set
    }


def _spell_items(value: Any) -> str:
    items = [spell_value(item) for item in value]
    if isinstance(value, frozenset):
        return f"frozenset({{{', '.join(items)}}})" if items else "frozenset()"
    if isinstance(value, set):
        return f"{{{', '.join(sorted(items))}}}" if items else "set()"
    if isinstance(value, tuple):
        return f"({', '.join(items)}{',' * (len(items) == 1)})"
    return f"[{', '.join(items)}]"


def _spell_by_text(value: Any) -> str:
    """Return `UUID("...")`: a class whose values are made from their text; else what `repr` says."""
    kind = type(value)
    name = {"PosixPath": "Path", "WindowsPath": "Path"}.get(kind.__name__, kind.__name__)
    try:
        same = kind(str(value)) == value
    except Exception:  # whatever a class says of a text that it cannot be made from
        same = False
    return f"{name}({spell_json(str(value))})" if same else " ".join(repr(value).split())
