"""The formats that a spec names without a pattern: asserted all the same, as the decoder reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.model.forms import FORMS
from taskcontract.model.schema_parts import change_parts

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["assert_formats"]


def assert_formats(schema: Json) -> Json:
    """Add the pattern of each known format to `schema`; return `schema` itself if nothing is added."""
    if not isinstance(schema, dict):
        return schema
    asserted = change_parts(schema, assert_formats)
    form = schema.get("format")
    if isinstance(form, str) and form in FORMS and "pattern" not in schema:
        return {**asserted, "pattern": FORMS[form]}
    return asserted
