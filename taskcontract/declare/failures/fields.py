"""What the callers of a task may read of a declared error: its fields, each with its type."""

from __future__ import annotations

import inspect
from functools import lru_cache
from types import FunctionType, GetSetDescriptorType, MemberDescriptorType
from typing import TYPE_CHECKING, Any, ClassVar, Final, get_args, get_origin, get_type_hints

from typing_extensions import TypedDict

from taskcontract.declare.codec import Codec
from taskcontract.errors import DeclarationError

if TYPE_CHECKING:
    from taskcontract.model.canonical import Json

__all__ = ["ErrorFields", "fields_of", "is_built_in", "schema_of_error"]

HEAP_TYPE = 1 << 9
"""The flag of a class that was made by a `class` statement, and not in C."""


def is_built_in(cls: type) -> bool:
    """Return whether `cls` is one of Python's own classes, made in C."""
    return not cls.__flags__ & HEAP_TYPE


class ErrorFields:
    """The fields of an error class that its source gives a type.

    Those are the annotated attributes (of dataclasses and attrs classes too), and the annotated parameters of
    `__init__` that the instance keeps under their own names. Names with an underscore are private.
    A DeclarationError where an annotation cannot be read.
    """

    def __init__(self, error: type[Exception]) -> None:
        self.error = error
        self.typed: dict[str, Codec] = {}
        self.slots = tuple(_find_slots(error))
        """Names of attributes that are not in an instance's `__dict__`."""
        self.parameters: tuple[tuple[str, Codec | None], ...] = ()
        """The positional parameters of `__init__`: an instance's `args` may be their values."""
        for name, annotation in _hints_of(error, error).items():
            if not name.startswith("_") and _is_field(annotation):
                self.typed[name] = Codec(_bare(annotation))
        for position, init in enumerate(_inits_of(error)):
            self._add_parameters(init, first=position == 0)

    def _add_parameters(self, init: FunctionType, *, first: bool) -> None:
        hints = _hints_of(self.error, init)
        positional: list[tuple[str, Codec | None]] = []
        for parameter in list(inspect.signature(init).parameters.values())[1:]:
            codec = Codec(hints[parameter.name]) if parameter.name in hints else None
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
                continue
            if parameter.kind is not parameter.KEYWORD_ONLY:
                positional.append((parameter.name, self.typed.get(parameter.name, codec)))
            if codec is not None and self._keeps(parameter.name):
                self.typed.setdefault(parameter.name, codec)
        if first:
            self.parameters = tuple(positional)

    def _keeps(self, name: str) -> bool:
        """Return whether instances have an attribute like a parameter's name, as far as can be seen."""
        if name.startswith("_"):
            return False
        return hasattr(self.error, name) or any(
            name in init.__code__.co_names for init in _inits_of(self.error)
        )


def fields_of(error: type[Exception]) -> ErrorFields:
    """Return the fields of `error`, read once."""
    known: Any = error  # mypy takes no class for hashable whose instances might not be
    return _read_fields(known)


@lru_cache(maxsize=512)
def _read_fields(error: Any) -> ErrorFields:
    return ErrorFields(error)


def schema_of_error(error: type[Exception]) -> Json:
    """Return the JSON Schema of the fields of `error`: an object that has all of them, and may have others.

    A DeclarationError names a field whose type has no JSON form, or an annotation that cannot be read.
    """
    fields = dict(sorted(fields_of(error).typed.items()))
    for name, codec in fields.items():
        try:
            codec.require_form()
        except DeclarationError as failure:
            raise DeclarationError(
                f"{error.__name__}.{name}: {failure.what}",
                where=error.__module__,
                do=f"Annotate what can travel, or call it _{name}: private attributes promise nothing.",
            ) from None
    if not fields:
        return {"type": "object"}
    # One schema for all, so that their definitions are shared as references to them say.
    whole = TypedDict(error.__name__, {name: codec.annotation for name, codec in fields.items()})  # type: ignore[misc]
    schema = Codec(whole).schema("write")
    assert isinstance(schema, dict)
    return schema


def _inits_of(error: type[Exception]) -> list[FunctionType]:
    """Return the `__init__` functions of a class and its bases, the nearest first."""
    found = (vars(base).get("__init__") for base in error.__mro__)
    return [init for init in found if isinstance(init, FunctionType)]


def _hints_of(error: type[Exception], annotated: Any) -> dict[str, Any]:
    try:
        return get_type_hints(annotated, include_extras=True)
    except Exception as failure:  # whatever evaluating the user's annotations raises
        raise DeclarationError(
            f"the annotations of {error.__name__} cannot be read: {failure}",
            where=error.__module__,
            do="Import the types that they name at run time, not under TYPE_CHECKING.",
        ) from None


def _is_field(annotation: Any) -> bool:
    # dataclasses' InitVar is a class whose instances are annotations.
    return (
        annotation is not ClassVar
        and get_origin(annotation) is not ClassVar
        and type(annotation).__name__ != "InitVar"
    )


def _bare(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Final else annotation


def _find_slots(error: type[Exception]) -> list[str]:
    slots = (MemberDescriptorType, GetSetDescriptorType)
    return [
        name
        for base in error.__mro__
        if base not in (Exception, BaseException, object)
        for name, value in vars(base).items()
        if isinstance(value, slots) and not name.startswith("__")
    ]
