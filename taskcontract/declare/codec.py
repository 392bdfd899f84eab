"""Types to JSON and back: checking, encoding and decoding values of declared types.

Plain types (those whose Python values are JSON values as they stand) go straight to pydantic-core,
which saves a consumer and a worker the import of pydantic. All others go through pydantic itself.
Both check strictly: `"5"` is no `int`.
"""

from __future__ import annotations

import types
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic_core import (
    PydanticSerializationError,
    SchemaSerializer,
    SchemaValidator,
    to_json,
)

from taskcontract.declare.secret import Secret

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from taskcontract.model.canonical import Json

__all__ = ["Codec", "without_secret"]

_SCALARS: dict[Any, dict[str, Any]] = {
    str: {"type": "str", "strict": True},
    int: {"type": "int", "strict": True},
    bool: {"type": "bool", "strict": True},
    float: {"type": "float", "strict": True, "allow_inf_nan": False},
    None: {"type": "none"},
    types.NoneType: {"type": "none"},
}


class Codec:
    """How values of one annotation are checked, sent and read back."""

    def __init__(self, annotation: Any) -> None:
        self.annotation = annotation
        self.core = _plain_schema(annotation)
        """The pydantic-core schema of a plain type; None for any other type."""

    @property
    def native(self) -> bool:
        """Whether the JSON form of each value is the value itself, so that it needs no encoding."""
        return self.core is not None

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        from pydantic import ConfigDict, TypeAdapter
        from pydantic.errors import PydanticUserError

        try:
            return TypeAdapter(
                self.annotation,
                config=ConfigDict(strict=True, ser_json_bytes="base64", val_json_bytes="base64"),
            )
        except PydanticUserError as error:
            if error.code != "type-adapter-config-unused":
                raise
            # A model, dataclass or TypedDict brings its own configuration.
            return TypeAdapter(self.annotation)

    @cached_property
    def _validator(self) -> SchemaValidator:
        if self.core is None:
            return cast("SchemaValidator", self._adapter.validator)
        return SchemaValidator(cast("Any", self.core))

    @cached_property
    def _serializer(self) -> SchemaSerializer:
        return self._adapter.serializer

    def check(self, value: Any) -> Any:
        """`value` as its type holds it; pydantic's ValidationError where it, or a part, is outside."""
        checked = self._validator.validate_python(value, strict=True)
        if self._has_instances:
            self._check_parts(checked)
        return checked

    @cached_property
    def _has_instances(self) -> bool:
        """Whether values may hold instances that pydantic takes as they are, whatever is in them."""
        return self.core is None and _finds_instances(self._adapter.core_schema)

    def _check_parts(self, value: Any) -> None:
        """Raise a ValidationError where the JSON form of a checked `value` is none of its type's.

        Only where the serializer warns of a part, as reading the form back costs as much again, and
        not every model reads what it writes. It never warns of a None. What has no JSON form at all is
        left to `encode`.
        """
        try:
            self._serializer.to_python(value, mode="json", warnings="error")
        except PydanticSerializationError:
            try:
                encoded = self.encode(value)
            except PydanticSerializationError:
                return
            self.decode(encoded)

    def encode(self, value: Any) -> Json:
        """The JSON form of a checked `value`."""
        if self.native:
            return value
        # By alias, as the schema says and as the receiver reads it.
        return self._serializer.to_python(value, mode="json", warnings="none", by_alias=True)

    def decode(self, value: Json) -> Any:
        """The typed value that a received JSON `value` stands for; ValidationError for none."""
        if self.native:
            return self._validator.validate_python(value, strict=True)
        # JSON rules, not Python's: a list may stand for a tuple and a string for a date, yet "5" for
        # no int. Kombu may have decoded dates already; as JSON they are strings again.
        return self._validator.validate_json(to_json(value, bytes_mode="base64"), strict=True)

    def schema(self, mode: Literal["validation", "serialization"]) -> Json:
        """The JSON Schema (2020-12) of the values sent (`validation`) or returned (`serialization`)."""
        return self._adapter.json_schema(mode=mode)


def _finds_instances(schema: Any) -> bool:
    """Whether a pydantic-core schema, or a part of it, is a model's or a dataclass's."""
    if isinstance(schema, dict):
        parts = (part for name, part in schema.items() if name != "metadata")
        return schema.get("type") in ("model", "dataclass") or any(map(_finds_instances, parts))
    return isinstance(schema, (list, tuple)) and any(map(_finds_instances, schema))


def without_secret(annotation: Any) -> tuple[Any, bool]:
    """The annotation without our `Secret` marker, and whether it had one."""
    if get_origin(annotation) is Annotated:
        inner, *metadata = get_args(annotation)
        rest = [item for item in metadata if item is not Secret]
        if len(rest) < len(metadata):
            return (Annotated[(inner, *rest)] if rest else inner), True
    return annotation, False


def _plain_schema(annotation: Any) -> dict[str, Any] | None:
    """The pydantic-core schema of a plain type, or None for any other type."""
    if annotation is Any or annotation is object:
        return {"type": "any"}
    try:
        if annotation in _SCALARS:
            return _SCALARS[annotation]
    except TypeError:  # unhashable
        return None
    origin, args = get_origin(annotation), get_args(annotation)
    if origin is list:
        item = _plain_schema(args[0])
        return item and {"type": "list", "items_schema": item, "strict": True}
    if origin is dict and args[0] is str:
        item = _plain_schema(args[1])
        return item and {
            "type": "dict",
            "keys_schema": _SCALARS[str],
            "values_schema": item,
            "strict": True,
        }
    if origin is Literal and all(type(arg) in (str, int, bool, types.NoneType) for arg in args):
        return {"type": "literal", "expected": list(args)}
    if origin is Union or origin is types.UnionType:
        choices = [_plain_schema(arg) for arg in args]
        return None if None in choices else {"type": "union", "choices": choices}
    return None
