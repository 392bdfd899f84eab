"""Defaults of fields, which pydantic never holds against their types, and a receiver does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic_core import SchemaValidator, ValidationError, to_json

from taskcontract.declare.wire.known import holds_secrets
from taskcontract.declare.wire.narrowing import narrow
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from taskcontract.declare.wire.writer import Core

__all__ = ["require_default"]

_SCALARS = frozenset(
    {"bool", "int", "float", "str", "bytes", "decimal", "date", "datetime", "time", "timedelta", "uuid"}
    | {"enum", "literal"}
)


def require_default(core: Core, where: str) -> None:
    """Raise a DeclarationError where the default of a single value does not fit its type.

    An object with such a default is sent with it, and refused.
    """
    if core["type"] != "default" or "default" not in core or core["schema"]["type"] not in _SCALARS:
        return
    try:
        text = to_json(core["default"], bytes_mode="base64")
        SchemaValidator(narrow(core["schema"])).validate_json(text, strict=True)
    except (ValidationError, ValueError) as error:
        why = error.errors()[0]["msg"] if isinstance(error, ValidationError) else str(error)
        shown = f"{core['default']!r}, which does not fit its type: {why}"
        raise DeclarationError(
            f"{where} has the default {'***, which does not fit its type' if holds_secrets(core) else shown}",
            do="Let the type hold the default too, such as `str | None` for None, or change the default.",
        ) from None
