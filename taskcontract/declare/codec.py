"""Types to JSON and back: checking, encoding and decoding values of declared types.

Plain types (those whose Python values are JSON values as they stand) go straight to pydantic-core,
which saves a consumer and a worker the import of pydantic. All others go through pydantic itself.
Both check strictly: `"5"` is not an `int`.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeVar, cast

from pydantic_core import (
    PydanticSerializationError,
    SchemaSerializer,
    SchemaValidator,
    ValidationError,
    to_json,
)

from taskcontract.declare.json_values import check_failed, is_finite, refuse_value, with_whole_numbers
from taskcontract.declare.plain import plain_schema
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from collections.abc import Callable

    from pydantic import TypeAdapter

    from taskcontract.model.canonical import Json

__all__ = ["Codec"]

T = TypeVar("T")

_CONFIG: Any = {"strict": True, "ser_json_bytes": "base64", "val_json_bytes": "base64"}


class Codec:
    """How values of one annotation are checked, sent and read back; `secret` says that all of it is."""

    def __init__(self, annotation: Any, *, secret: bool = False) -> None:
        self.annotation = annotation
        self._secret = secret
        self.core = plain_schema(annotation)
        """The pydantic-core schema of a plain type; None for any other type."""

    def require_form(self) -> None:
        """Raise a DeclarationError where values have no JSON form, or a secret would be published."""
        if self.core is None:
            self.schema("read")
        elif self._secret:
            self._refuse_published(self.core)

    @property
    def native(self) -> bool:
        """Whether the JSON form of each value is the value itself, so that it needs no encoding."""
        return self.core is not None

    @cached_property
    def _adapter(self) -> TypeAdapter[Any]:
        from pydantic import ConfigDict, TypeAdapter

        from taskcontract.declare.wire.refused import refuse_type, refuse_unpacked

        refuse_unpacked(self.annotation)
        config = ConfigDict(strict=True, ser_json_bytes="base64", val_json_bytes="base64")
        for given in (config, None):
            try:
                return TypeAdapter(self.annotation, config=given)
            except Exception as error:  # pydantic raises what Python and the type's own code raise, too
                # A model, dataclass or TypedDict brings its own configuration.
                if getattr(error, "code", None) != "type-adapter-config-unused":
                    raise refuse_type(self.annotation, error) from None
        raise AssertionError(self.annotation)

    @cached_property
    def _settled(self) -> Any:
        """The type's core schema, whose parts say by themselves what they read and write."""
        from taskcontract.declare.wire.settling import settle

        return settle(self._adapter.core_schema)

    @cached_property
    def _narrowed(self) -> Any:
        """The core schema that accepts exactly what the spec's schema accepts."""
        from taskcontract.declare.wire.narrowing import narrow

        return narrow(self._settled)

    @cached_property
    def _validator(self) -> SchemaValidator:
        if self.core is None:
            return _build(SchemaValidator, self._narrowed)
        return SchemaValidator(cast("Any", self.core))

    @cached_property
    def _serializer(self) -> SchemaSerializer:
        return _build(SchemaSerializer, self._narrowed)

    def check(self, value: Any) -> Any:
        """Return `value` as its type holds it; pydantic's ValidationError where it, or a part, is outside."""
        try:
            checked = self._validator.validate_python(value, strict=True)
        except ValidationError:
            raise
        except Exception as error:  # whatever a check of the user's raises
            raise check_failed(error, value) from None
        if self._has_instances:
            self._check_parts(checked)
        if self._can_mix_up or self._runs_code:
            self._check_arrival(checked)
        return checked

    @cached_property
    def _has_instances(self) -> bool:
        """Whether values may hold instances that pydantic takes as they are, whatever is in them."""
        if self.core is not None:
            return False
        from taskcontract.declare.wire.parts import holds_instances

        return holds_instances(self._adapter.core_schema)

    def _check_parts(self, value: Any) -> None:
        """Raise a ValidationError where the JSON form of a checked `value` does not fit its type.

        Only where the serializer warns of a part, as reading the form back costs as much again, and
        not every model reads what it writes. It never warns of a None. What has no JSON form at all is
        left to `encode`.
        """
        try:
            encoded = self._serializer.to_python(value, mode="json", warnings="error", by_alias=True)
        except PydanticSerializationError:
            try:
                encoded = self.encode(value)
            except PydanticSerializationError:
                return
            self.decode(encoded)
        else:
            if not is_finite(encoded):
                self.decode(encoded)

    @cached_property
    def _can_mix_up(self) -> bool:
        """Whether types of a union look alike in JSON, so that a value may arrive as another type's."""
        if self.core is not None:
            return False
        from taskcontract.declare.wire.arrival import can_mix_up

        return can_mix_up(self._adapter.core_schema)

    @cached_property
    def _runs_code(self) -> bool:
        """Whether code of the user's, or a change of case, stands between a value and its JSON."""
        if self.core is not None:
            return False
        from taskcontract.declare.wire.arrival import runs_code

        return runs_code(self._settled)

    def _check_arrival(self, value: Any) -> None:
        """Raise a ValidationError where a checked `value` would not be read, or as one of another type."""
        from taskcontract.declare.wire.arrival import arrives

        try:
            encoded = self.encode(value)
        except PydanticSerializationError:
            return
        try:
            back = self.decode(encoded)
        except ValidationError as error:
            first = error.errors(include_url=False, include_context=False)[0]
            shown = f"Input would be sent as {encoded!r:.80}, which its type does not read: {first['msg']}"
            raise refuse_value("not_read_back", shown, value) from None
        if self._can_mix_up and not arrives(value, back):
            shown = f"Input would arrive as {back!r:.80}, of another type that looks alike"
            raise refuse_value("mixed_up", shown, value)

    @cached_property
    def holds_secrets(self) -> bool:
        """Whether a part of the type is marked as secret, or one of pydantic's secrets."""
        if self._secret or self.core is not None:
            return self._secret
        from taskcontract.declare.wire.known import holds_secrets

        return holds_secrets(self._adapter.core_schema)

    def encode(self, value: Any) -> Json:
        """Return the JSON form of a checked `value`."""
        if self.native:
            return value
        # By alias, as the schema says and as the receiver reads it.
        return self._serializer.to_python(value, mode="json", warnings="none", by_alias=True)

    def decode(self, value: Json) -> Any:
        """Return the typed value that a received JSON `value` stands for; raise ValidationError for none."""
        try:
            return self._decode(value)
        except ValidationError:
            whole = with_whole_numbers(value)
            if whole is value:
                raise
            return self._decode(whole)

    def _decode(self, value: Json) -> Any:
        try:
            return self._read(value)
        except ValidationError:
            raise
        except Exception as error:  # whatever a user's check raises, and texts that are not Unicode
            raise check_failed(error, value) from None

    def _read(self, value: Json) -> Any:
        if self.native:
            return self._validator.validate_python(value, strict=True)
        # JSON's rules, not Python's: a list is read as a tuple and a string as a date, yet "5" for
        # no int. Kombu may have decoded dates already; as JSON they are strings again.
        return self._validator.validate_json(
            to_json(value, bytes_mode="base64"), strict=True, by_alias=True, by_name=False
        )

    def schema(self, mode: Literal["read", "write"]) -> Json:
        """Return the JSON Schema (2020-12) of the values that `decode` takes, or (`write`) `encode` returns.

        A type with secrets has no defaults in it. Raises a DeclarationError if there is none, or where it
        would be a secret's only value.
        """
        from taskcontract.declare.wire.schema import write_schema

        schema = write_schema(self._settled, mode)
        if not self.holds_secrets:
            return schema
        from taskcontract.declare.wire.published import without_defaults

        self._refuse_published(self._adapter.core_schema)
        return without_defaults(schema)

    def _refuse_published(self, core: Any) -> None:
        from taskcontract.declare.wire.published import publishes_secret

        if publishes_secret(core, whole=self._secret):
            raise DeclarationError(
                "it is secret, and its type says its only value, which would be published",
                do="Annotate what it may be (str), and let the provider's code compare it with the value.",
            )


def _build(make: Callable[..., T], core: Any) -> T:
    """Return a validator or serializer that takes nothing over from the classes' own."""
    return make(core, _CONFIG, _use_prebuilt=False)
