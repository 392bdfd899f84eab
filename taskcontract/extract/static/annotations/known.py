"""Types outside a project that are known by their paths."""

from __future__ import annotations

import collections
import collections.abc
import datetime
import decimal
import fractions
import ipaddress
import pathlib
import typing
import uuid
from typing import Any

__all__ = ["known_type", "normal_path"]

_TYPING = (
    "Any", "List", "Dict", "Set", "FrozenSet", "Tuple", "Sequence", "MutableSequence", "Mapping",
    "MutableMapping", "Iterable", "Collection", "AbstractSet", "MutableSet", "Deque", "DefaultDict",
    "OrderedDict", "Counter",
)  # fmt: skip
_ABC = (
    "Sequence", "MutableSequence", "Mapping", "MutableMapping", "Iterable", "Collection", "Set", "MutableSet",
)  # fmt: skip
_TYPES: dict[str, Any] = {
    **{
        f"builtins.{each.__name__}": each
        for each in (int, str, float, bool, bytes, list, dict, set, frozenset, tuple, object, complex)
    },
    **{f"typing.{name}": getattr(typing, name) for name in _TYPING},
    **{f"collections.abc.{name}": getattr(collections.abc, name) for name in _ABC},
    **{
        f"collections.{name}": getattr(collections, name)
        for name in ("deque", "defaultdict", "OrderedDict", "Counter")
    },
    **{f"datetime.{name}": getattr(datetime, name) for name in ("date", "datetime", "time", "timedelta")},
    **{
        f"ipaddress.{name}": getattr(ipaddress, name)
        for name in ipaddress.__dict__
        if name.startswith(("IPv4", "IPv6"))
    },
    "typing.Text": str,
    "types.NoneType": None,
    "uuid.UUID": uuid.UUID,
    "decimal.Decimal": decimal.Decimal,
    "fractions.Fraction": fractions.Fraction,
    "pathlib.Path": pathlib.Path,
    "pathlib.PurePath": pathlib.PurePath,
}
_PYDANTIC = frozenset(
    {
        "AnyHttpUrl", "AnyUrl", "AwareDatetime", "EmailStr", "FiniteFloat", "FutureDate", "FutureDatetime",
        "HttpUrl",
        "JsonValue", "NaiveDatetime", "NegativeFloat", "NegativeInt", "NonNegativeFloat", "NonNegativeInt",
        "NonPositiveFloat", "NonPositiveInt", "PastDate", "PastDatetime", "PositiveFloat", "PositiveInt",
        "SecretBytes", "SecretStr", "StrictBool", "StrictBytes", "StrictFloat", "StrictInt", "StrictStr",
        "UUID1", "UUID3", "UUID4", "UUID5",
    }
)  # fmt: skip


def normal_path(path: str) -> str:
    """Return the path under which a type is known that has several."""
    for before, after in (
        ("typing_extensions.", "typing."),
        ("pydantic.v1.", "pydantic."),
        ("pydantic.types.", "pydantic."),
        ("pydantic.networks.", "pydantic."),
        ("pydantic.main.", "pydantic."),
        ("pydantic.fields.", "pydantic."),
    ):
        if path.startswith(before):
            return after + path.removeprefix(before)
    return path


def known_type(path: str) -> Any:
    """Return the type of a normal `path`; a KeyError where there is none that is known."""
    package, _, name = path.partition(".")
    if package == "pydantic" and name in _PYDANTIC:
        import pydantic

        return getattr(pydantic, name)
    return _TYPES[path]
