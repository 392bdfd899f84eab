"""Values without a declared type: as JSON, with a tag for those that JSON alone would change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic_core import to_jsonable_python

from taskcontract.declare.codec import Codec

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["decode_untyped", "encode_untyped"]

KINDS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (datetime, date, time, timedelta, Decimal, UUID, bytes, tuple, set, frozenset)
}


def encode_untyped(value: Any) -> tuple[Json, str]:
    """Return the JSON form of `value` and its kind, which is empty where the form says it all.

    A PydanticSerializationError where it has none.
    """
    kind = type(value).__name__
    if KINDS.get(kind) is type(value):
        return _codec(kind).encode(value), kind
    return to_jsonable_python(value, bytes_mode="base64"), ""


def decode_untyped(value: Json, kind: str) -> Any:
    """Return what `encode_untyped` wrote; ValidationError if it is not of its kind, KeyError without kind."""
    return _codec(kind).decode(value) if kind else value


@lru_cache(maxsize=len(KINDS))
def _codec(kind: str) -> Codec:
    return Codec(KINDS[kind])
