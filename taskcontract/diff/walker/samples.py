"""Values that a parameter takes, chosen so that a reader sees which is which."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from taskcontract.errors import SpecError

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import ParameterSpec

__all__ = ["sample_of", "sample_value"]

NOTES = frozenset(
    {"type", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"}
)
"""Keywords that say nothing more about a value than its type."""

FORMATS = {
    "date-time": "2027-01-31T12:00:00Z",
    "date": "2027-01-31",
    "time": "12:00:00Z",
    "duration": "PT1H",
    "email": "someone@example.org",
    "uri": "https://example.org/",
    "uuid": "00000000-0000-4000-8000-000000000001",
    "binary": "",
}

UNKNOWN = object()


def sample_value(parameter: ParameterSpec, number: int, label: str | None = None) -> Json:
    """A value for `parameter` that tells: for strings its name (or `label`), for numbers `number`."""
    return sample_of(parameter.schema, label or parameter.name, number)


def sample_of(schema: Json, label: str = "text", number: int = 1) -> Json:
    """A value that `schema` takes, or None if none could be found."""
    value = _plain(schema, label, number)
    if value is not UNKNOWN:
        return value
    from taskcontract.diff.schemas import compare_schemas

    try:
        # What a schema takes beyond the one that takes nothing is any value of it.
        return compare_schemas(schema, False).witness
    except SpecError:  # it is reported where the schema itself is compared
        return None


def _plain(schema: Json, label: str, number: int) -> Any:
    """A telling value for a schema that is plain enough, else UNKNOWN."""
    if schema is True or schema == {}:
        return label
    if not isinstance(schema, dict):
        return UNKNOWN
    if schema.keys() <= NOTES:
        plain = {"string": label, "integer": number, "number": number + 0.5, "boolean": True}
        kind = schema.get("type")
        return plain.get(kind, UNKNOWN) if isinstance(kind, str) else UNKNOWN
    if schema.keys() - NOTES == {"format"} and schema.get("type") == "string":
        return FORMATS.get(schema["format"], UNKNOWN) if isinstance(schema["format"], str) else UNKNOWN
    if schema.keys() - NOTES == {"anyOf"} and isinstance(schema["anyOf"], list) and "type" not in schema:
        branches = (_plain(branch, label, number) for branch in schema["anyOf"])
        return next((value for value in branches if value is not UNKNOWN), UNKNOWN)
    return UNKNOWN
