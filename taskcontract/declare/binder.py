"""The binder of one task: checks a call against the declared signature and gives its JSON form.

It is compiled at a task's first use; after that, a check costs one call of a generated function and
one of a pydantic-core validator, instead of `inspect.Signature.bind` at each send.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from pydantic_core import SchemaValidator, ValidationError

from taskcontract.declare.codec import Codec
from taskcontract.declare.describe import CallText
from taskcontract.declare.parameter import place_of
from taskcontract.declare.refusal import refusal_of
from taskcontract.declare.slots import HOLE, Slot, compile_bind, read_slots
from taskcontract.errors import ArgumentTypeError, ArgumentValueError, DeclarationError

if TYPE_CHECKING:
    import inspect
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["Binder"]

Encoded: TypeAlias = "tuple[Sequence[Json], Mapping[str, Json]]"
"""The arguments of a message: args and kwargs, each value in its JSON form."""


class Binder:
    """Checks, encodes and decodes the calls of one declared function."""

    def __init__(self, function: Callable[..., Any], signature: inspect.Signature) -> None:
        self._function = function
        self.slots, self.result = read_slots(function, signature)
        self._require_forms()
        self.text = CallText(self.slots)
        self._bind = compile_bind(function.__name__, self.slots, partial=False)
        self._native = all(slot.item.native for slot in self.slots)

    def encode_call(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Encoded:
        """Return the call's JSON form, passed the way the caller passed it.

        A missing or unexpected argument is a TypeError, as in a call of the function; a value
        outside its type a ValueError that names the parameter.
        """
        values = self._bound(args, kwargs)
        try:
            checked = self._check(values)
        except ValidationError:
            # Slot by slot, so that the first wrong one raises with its own name.
            checked = [self._checked(slot, value) for slot, value in self._pairs(values)]
        return (args, kwargs) if self._native else self._laid_out(checked, args, kwargs)

    def encode_partial(
        self, args: Sequence[Any], kwargs: Mapping[str, Any], *, in_front: bool = False
    ) -> Encoded:
        """Return the JSON form of a call that is completed later, with one value or more in front of `args`.

        With `in_front` nothing comes before `args`: the rest of the call follows them.
        """
        try:
            return self.encode_call(args, kwargs)
        except (ArgumentTypeError, ArgumentValueError) as error:
            refusal = error
        for shift in (0,) if in_front else (1, 0):
            padded = (*(HOLE,) * shift, *args)
            try:
                return self._encode_padded(padded, kwargs, shift)
            except TypeError:
                continue
            except ArgumentValueError as wrong:
                if not isinstance(refusal, ArgumentValueError):
                    refusal = wrong
        raise refusal

    def _encode_padded(self, padded: Sequence[Any], kwargs: Mapping[str, Any], shift: int) -> Encoded:
        values = self._bind_partial(*padded, **kwargs)
        checked = [
            value if value is HOLE else self._checked(slot, value) for slot, value in self._pairs(values)
        ]
        encoded, named = self._laid_out(checked, padded, kwargs)
        return encoded[shift:], named

    def decode_call(
        self, args: Sequence[Json], kwargs: Mapping[str, Json]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return the typed arguments of a received call as they were sent; the errors of `encode_call`."""
        self._bound(args, kwargs)
        return self.decode_partial(args, kwargs)

    def decode_partial(
        self, args: Sequence[Json], kwargs: Mapping[str, Json]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return as `decode_call`, for a call that is not complete."""
        values = self._bind_partial(*args, **kwargs)
        typed: list[Any] = []
        named: dict[str, Any] = {}
        for slot, value in self._pairs(values):
            if value is HOLE:
                continue
            decoded = self._decoded(slot, value)
            if slot.kind == "var-positional":
                typed.extend(decoded)
            elif slot.kind == "var-keyword":
                named.update(decoded)
            elif slot.name in kwargs and slot.kind != "positional-only":
                named[slot.name] = decoded
            else:
                typed.append(decoded)
        return tuple(typed), named

    def find_front(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Slot:
        """Return the parameter of a value that comes in front of a call's arguments, as results in chains do.

        An ArgumentTypeError where the call with it is none.
        """
        values = self._bound((HOLE, *args), kwargs)
        return next(
            slot
            for slot, value in self._pairs(values)
            if value is HOLE or (slot.kind == "var-positional" and value and value[0] is HOLE)
        )

    @cached_property
    def _bind_partial(self) -> Callable[..., tuple[Any, ...]]:
        return compile_bind(self._function.__name__, self.slots, partial=True)

    @cached_property
    def _check(self) -> Callable[[tuple[Any, ...]], Sequence[Any]]:
        """Checks all bound values in one call of pydantic-core."""
        if not self._native:
            return Codec(tuple[tuple(slot.whole.annotation for slot in self.slots)]).check  # type: ignore[misc]
        schema: Any = {"type": "tuple", "items_schema": [slot.core for slot in self.slots], "strict": True}
        return SchemaValidator(schema).validate_python

    def _require_forms(self) -> None:
        """Raise a DeclarationError that names the parameter whose type has no JSON form."""
        for slot in self.slots:
            try:
                slot.item.require_form()
            except DeclarationError as error:
                what = f"parameter {slot.name!r}: {error.what}"
                raise DeclarationError(what, where=place_of(self._function), do=error.do) from None

    def _pairs(self, values: Sequence[Any]) -> Iterator[tuple[Slot, Any]]:
        return zip(self.slots, values, strict=True)

    def _bound(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, ...]:
        try:
            return self._bind(*args, **kwargs)
        except TypeError as error:
            raise ArgumentTypeError(
                str(error), where=place_of(self._function), do="Pass what the signature declares."
            ) from None

    def _checked(self, slot: Slot, value: Any) -> Any:
        try:
            return slot.whole.check(value)
        except ValidationError as error:
            raise refusal_of(self._function, slot, value, error) from None

    def _decoded(self, slot: Slot, value: Json) -> Any:
        try:
            return slot.whole.decode(value)
        except ValidationError as error:
            raise refusal_of(self._function, slot, value, error) from None

    def _laid_out(self, values: Sequence[Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Encoded:
        """Return the JSON forms of bound `values`, laid out as the caller passed `args` and `kwargs`."""
        laid: list[Json] = []
        named: dict[str, Json] = {}
        for slot, value in self._pairs(values):
            if slot.kind == "var-positional":
                laid.extend(slot.item.encode(item) for item in ((), value)[value is not HOLE])
            elif slot.kind == "var-keyword":
                named.update(
                    (name, slot.item.encode(item)) for name, item in ({}, value)[value is not HOLE].items()
                )
            elif slot.kind != "keyword-only" and len(laid) < len(args):
                laid.append(value if value is HOLE else slot.item.encode(value))
            elif slot.name in kwargs:
                named[slot.name] = slot.item.encode(value)
        return tuple(laid), named
