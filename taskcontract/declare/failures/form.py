"""The form in which a declared error travels: its names, fields and arguments as JSON."""

from __future__ import annotations

import logging
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic_core import PydanticSerializationError, ValidationError, to_jsonable_python

from taskcontract.declare.codec import Codec
from taskcontract.declare.failures.fields import fields_of, is_built_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from taskcontract.model.canonical import Json

__all__ = ["CARRIED", "build_error", "error_names", "public_fields", "read_error", "write_error"]

CARRIED = "__taskcontract__"
"""The attribute of an error, on its way, that holds its form."""

UNSENDABLE = (ValidationError, PydanticSerializationError, RecursionError)

logger = logging.getLogger(__name__)


def write_error(error: Exception, declared: Sequence[type[Exception]]) -> dict[str, Json]:
    """Return the form of `error`, which is an instance of at least one of the `declared` classes.

    `fields` are what its callers may read, as JSON. A value outside the type that the nearest declared
    class gives it travels as it is, and a warning is logged; what has no JSON form stays behind.
    """
    cls = _nearest(error, declared)
    typed, public, private = fields_of(cls).typed, public_fields(error, cls), _private_fields(error)
    fields: dict[str, Json] = {}
    kinds: dict[str, str] = {}
    for name, value in {**public, **private}.items():
        codec = typed.get(name)
        with suppress(*UNSENDABLE):
            if codec is not None and _is_of(codec, value):
                fields[name] = codec.encode(value)
                continue
            if codec is not None:
                logger.warning("%s was raised with a %s that is not of its declared type", cls.__name__, name)
            fields[name], kind = encode_untyped(value)
            if kind:
                kinds[name] = kind
    sent = {name: value for name, value in public.items() if name in fields}
    state = {name: value for name, value in fields.items() if name in private}
    form: dict[str, Json] = {
        "errors": error_names(error, declared),
        "fields": {name: fields[name] for name in sent},
        "args": [_write_argument(each, cls, index, sent) for index, each in enumerate(error.args)],
    }
    form.update((name, part) for name, part in (("state", state), ("kinds", kinds)) if part)
    return form


def read_error(form: Mapping[str, Any], declared: Sequence[type[Exception]]) -> Exception | None:
    """Return the error of a form, of the nearest class that is `declared` here; None if there is none."""
    known = {each.__name__: each for each in declared}
    cls = next((known[name] for name in form["errors"] if name in known), None)
    if cls is None:
        return None
    typed, kinds = fields_of(cls).typed, form.get("kinds", {})
    values = {
        name: _read(value, typed.get(name), kinds.get(name, ""))
        for name, value in {**form.get("state", {}), **form["fields"]}.items()
    }
    parameters = dict(fields_of(cls).parameters)
    args = [
        values.get(each["field"])
        if "field" in each
        else _read(each["value"], parameters.get(each.get("parameter", "")), each.get("kind", ""))
        for each in form["args"]
    ]
    return build_error(cls, args, values)


def build_error(cls: type[Exception], args: Sequence[Any], values: Mapping[str, Any]) -> Exception:
    """Return an instance of `cls` with these `args` and attributes; its own `__init__` does not run."""
    root: Any = next(base for base in cls.__mro__ if is_built_in(base))
    try:
        error: Exception = root.__new__(cls, *args)
    except TypeError:  # one of Python's own that reads its arguments
        error = root.__new__(cls)
    # Past the class's own __setattr__: a frozen one refuses everything.
    object.__setattr__(error, "args", tuple(args))
    for name, value in values.items():
        with suppress(AttributeError, TypeError):  # a property has no value of its own
            object.__setattr__(error, name, value)
    return error


def error_names(error: Exception, declared: Sequence[type[Exception]]) -> list[Json]:
    """Return the names of the `declared` classes that `error` is an instance of, the nearest first."""
    return [each.__name__ for each in type(error).__mro__ if each in declared]


def public_fields(error: Exception, cls: type[Exception]) -> dict[str, Any]:
    """Return what the callers of a task may read of `error` as an instance of `cls`, as it is."""
    fields = fields_of(cls)
    found = {name: getattr(error, name) for name in fields.typed if hasattr(error, name)}
    for name, value in _attributes(error):
        if not name.startswith("_") and name not in found:
            found[name] = value
    return found


def _private_fields(error: Exception) -> dict[str, Any]:
    return {name: value for name, value in _attributes(error) if name == "__notes__" or _is_private(name)}


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def _attributes(error: Exception) -> Iterator[tuple[str, Any]]:
    """Yield what an instance holds; of what Python's own classes hold, what is set."""
    yield from vars(error).items()
    for name in fields_of(type(error)).slots:
        value = getattr(error, name, None)
        if value is not None:
            yield name, value


def _nearest(error: Exception, declared: Sequence[type[Exception]]) -> type[Exception]:
    return next(each for each in type(error).__mro__ if each in declared)


def _write_argument(value: Any, cls: type[Exception], index: int, public: Mapping[str, Any]) -> Json:
    """Return one of `args`: the field that it is, the parameter that gives its type, or its own form."""
    field = next((name for name, each in public.items() if each is value), None)
    if field is not None:
        return {"field": field}
    parameters = fields_of(cls).parameters
    name, codec = parameters[index] if index < len(parameters) else ("", None)
    try:
        if codec is not None and _is_of(codec, value):
            return {"value": codec.encode(value), "parameter": name}
        form, kind = encode_untyped(value)
    except UNSENDABLE:
        return {"value": repr(value)}
    return {"value": form, "kind": kind} if kind else {"value": form}


def _is_of(codec: Codec, value: Any) -> bool:
    try:
        codec.check(value)
    except ValidationError:
        return False
    return True


def _read(value: Json, codec: Codec | None, kind: str) -> Any:
    """Return a value as its declared type has it, or as it came."""
    with suppress(ValidationError, KeyError):
        return codec.decode(value) if codec is not None and not kind else decode_untyped(value, kind)
    return value


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
