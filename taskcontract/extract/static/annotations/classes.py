"""Classes of a project made again from their definitions: fields and values, and none of their code."""

from __future__ import annotations

import ast
import dataclasses
import typing
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.annotations.constraints import (
    UNKNOWN,
    field_of,
    keywords_of,
    path_of,
    plain_value,
)
from taskcontract.extract.static.annotations.enums import is_enum, make_enum
from taskcontract.extract.static.annotations.fields import family_of, fields_in
from taskcontract.extract.static.annotations.models import MODEL, make_model
from taskcontract.extract.static.annotations.opaque import opaque_type

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.fields import Family, Field
    from taskcontract.extract.static.annotations.making import Making
    from taskcontract.extract.static.annotations.names import Declared

__all__ = ["make_class"]

DATACLASSES = frozenset({"dataclasses.dataclass", "pydantic.dataclasses.dataclass"})


def make_class(maker: Making, declared: Declared) -> Any:
    """Return the type that a class of the project is; an opaque one where only its code would tell."""
    known = maker.made.get(declared.node)
    if known is not None:
        return known
    made = None
    with suppress(
        TypeError, ValueError, NameError, AttributeError
    ):  # Python or pydantic refuses such a class
        made = _make(maker, declared, family_of(maker, declared))
    if made is None:
        made = opaque_type(declared.path)
    maker.made[declared.node] = made
    return made


def _make(maker: Making, declared: Declared, family: Family) -> Any:
    if is_enum(family):
        return make_enum(maker, family)
    fields = fields_in(maker, family)
    if fields is None or not family.whole:
        return None
    if family.outside == ("typing.TypedDict",):
        return _typed_dict(maker, declared, fields)
    if family.outside == ("typing.NamedTuple",):
        return _named_tuple(maker, declared, fields)
    if family.outside == (MODEL,):
        return make_model(maker, declared, family, fields)
    if family.outside:
        return None
    return _dataclass(maker, declared, family, fields)


def _typed_dict(maker: Making, declared: Declared, fields: dict[str, Field]) -> Any:
    from typing import NotRequired, Required

    from typing_extensions import TypedDict

    def mark(field: Field) -> Any:
        bare = field.annotation.value if isinstance(field.annotation, ast.Subscript) else None
        path = path_of(maker, bare, field.scope) if bare is not None else ""
        wanted = path == "typing.Required" or (field.total and path != "typing.NotRequired")
        return Required[Any] if wanted else NotRequired[Any]

    make: Any = TypedDict
    made = make(declared.node.name, {name: mark(field) for name, field in fields.items()})
    _place(made, declared)
    maker.made[declared.node] = made
    made.__annotations__ = {name: maker.part(each.annotation, each.scope) for name, each in fields.items()}
    return made


def _named_tuple(maker: Making, declared: Declared, fields: dict[str, Field]) -> Any:
    types = {name: maker.part(each.annotation, each.scope) for name, each in fields.items()}
    defaults = {name: _default(maker, each) for name, each in fields.items() if each.value is not None}
    namespace = {"__annotations__": types, "__module__": declared.scope.module.name, **defaults}
    from types import new_class

    named: Any = new_class(declared.node.name, (typing.NamedTuple,), {}, lambda made: made.update(namespace))
    _place(named, declared)
    return named


def _dataclass(maker: Making, declared: Declared, family: Family, fields: dict[str, Field]) -> Any:
    if not any(_is_dataclass(maker, each) for each, _ in family.classes):
        return None
    if any(
        isinstance(each, ast.FunctionDef) and each.name in ("__post_init__", "__init__")
        for known, _ in family.classes
        for each in known.node.body
    ):
        return None
    described = []
    for name, field in fields.items():
        if (
            isinstance(field.annotation, ast.Subscript)
            and path_of(maker, field.annotation.value, field.scope) == "dataclasses.InitVar"
        ):
            return None
        described.append((name, Any, _dataclass_field(maker, field)))
    made: Any = dataclasses.make_dataclass(declared.node.name, described, kw_only=True)
    _place(made, declared)
    maker.made[declared.node] = made
    for name, field in fields.items():
        made.__dataclass_fields__[name].type = made.__annotations__[name] = maker.part(
            field.annotation, field.scope
        )
    return made


def _is_dataclass(maker: Making, declared: Declared) -> bool:
    called = (each.func if isinstance(each, ast.Call) else each for each in declared.node.decorator_list)
    return any(path_of(maker, each, declared.scope) in DATACLASSES for each in called)


def _dataclass_field(maker: Making, field: Field) -> Any:
    value = field.value
    if value is None:
        return dataclasses.field()
    if isinstance(value, ast.Call):
        path = path_of(maker, value.func, field.scope)
        if path == "pydantic.Field":
            return field_of(maker, value, field.scope)
        if path == "dataclasses.field":
            options = keywords_of(maker, value, field.scope)
            given = {each.arg for each in value.keywords}
            init: dict[str, Any] = {"init": False} if options.get("init") is False else {}
            if "default" in options:
                return dataclasses.field(default=options["default"], **init)
            has = given & {"default", "default_factory"}
            return dataclasses.field(default_factory=_unknown, **init) if has else dataclasses.field(**init)
    known = plain_value(maker, value, field.scope)
    if known is UNKNOWN or isinstance(known, (list, dict, set)):
        return dataclasses.field(default_factory=_unknown)
    return dataclasses.field(default=known)


def _default(maker: Making, field: Field) -> Any:
    assert field.value is not None
    value = plain_value(maker, field.value, field.scope)
    return None if value is UNKNOWN else value


def _place(made: Any, declared: Declared) -> None:
    made.__module__ = declared.scope.module.name
    made.__qualname__ = declared.qualname
    doc = ast.get_docstring(declared.node, clean=False)
    made.__doc__ = doc


def _unknown() -> Any:
    raise NotImplementedError  # never called: what it stands for is code of the project
