"""Pydantic's models made again from their fields and settings."""

from __future__ import annotations

import ast
import typing
import warnings
from types import new_class
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.annotations.constraints import (
    UNKNOWN,
    code_check,
    field_of,
    path_of,
    plain_value,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.annotations.fields import Family, Field
    from taskcontract.extract.static.annotations.making import Making
    from taskcontract.extract.static.annotations.names import Declared
    from taskcontract.extract.static.modules import Scope

__all__ = ["MODEL", "make_model"]

MODEL = "pydantic.BaseModel"
CHECKS = frozenset({"field_validator", "model_validator", "validator", "root_validator"})
OWN_FORM = frozenset(
    {
        "field_serializer", "model_serializer", "computed_field", "__init__", "model_post_init",
        "__get_pydantic_core_schema__", "__init_subclass__",
    }
)  # fmt: skip
"""What gives a model another form than its fields have."""
SETTINGS = frozenset(
    {"extra", "populate_by_name", "str_strip_whitespace", "str_min_length", "str_max_length", "title"}
)
OLD = {
    "allow_population_by_field_name": "populate_by_name",
    "anystr_strip_whitespace": "str_strip_whitespace",
    "min_anystr_length": "str_min_length",
    "max_anystr_length": "str_max_length",
}
GENERATORS = {
    "pydantic.alias_generators.to_camel",
    "pydantic.alias_generators.to_pascal",
    "pydantic.alias_generators.to_snake",
}


def make_model(maker: Making, declared: Declared, family: Family, fields: dict[str, Field]) -> Any:
    """Return the model with these fields; None where code of the project gives it another form."""
    checks = []
    settings: dict[str, Any] = {}
    for each, scope in reversed(family.classes):
        for statement in each.node.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                named = {statement.name, *_decorators(maker, statement, scope)}
                if named & OWN_FORM:
                    return None
                if named & CHECKS:
                    code = ast.unparse(statement)
                    checks.append(code_check(f"{each.node.name}.{statement.name}", code))
        found = _settings(maker, each, scope)
        if found is None:
            return None
        settings |= found
    model = _build(maker, declared, fields, settings)
    maker.made[declared.node] = model
    for name, field in fields.items():
        maker.forward[_forward(declared, name)] = maker.part(field.annotation, field.scope)
    for check in checks:
        model = typing.Annotated[model, check]
    return model


def _build(maker: Making, declared: Declared, fields: dict[str, Field], settings: dict[str, Any]) -> Any:
    from pydantic import BaseModel

    namespace: dict[str, Any] = {
        "__module__": declared.scope.module.name,
        "__qualname__": declared.qualname,
        "__doc__": ast.get_docstring(declared.node, clean=False),
        "__annotations__": {name: _forward(declared, name) for name in fields},
        "model_config": {**settings, "defer_build": True, "protected_namespaces": ()},
    }
    for name, field in fields.items():
        if field.value is not None:
            namespace[name] = _value(maker, field)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that shadow a method
        model = new_class(declared.node.name, (BaseModel,), {}, lambda made: made.update(namespace))
    maker.unfinished.append(model)
    return model


def _forward(declared: Declared, name: str) -> str:
    """Return the name by which a model knows the type of a field before it is made."""
    return f"t{id(declared.node)}_{name}"


def _value(maker: Making, field: Field) -> Any:
    import pydantic

    assert field.value is not None
    if (
        isinstance(field.value, ast.Call)
        and path_of(maker, field.value.func, field.scope) == "pydantic.Field"
    ):
        return field_of(maker, field.value, field.scope)
    if isinstance(field.value, ast.Constant) and field.value.value is Ellipsis:
        return ...
    value = plain_value(maker, field.value, field.scope)
    return pydantic.Field(default_factory=_unknown) if value is UNKNOWN else value


def _settings(maker: Making, declared: Declared, scope: Scope) -> dict[str, Any] | None:
    """Return the settings of a model; None where they give its fields names that are not known."""
    settings: dict[str, Any] = {}
    for old_name, expression in _pairs(declared.node):
        name = OLD.get(old_name, old_name)
        if name == "alias_generator":
            path = path_of(maker, expression, scope)
            if path not in GENERATORS:
                return None
            import pydantic.alias_generators

            settings[name] = getattr(pydantic.alias_generators, path.rpartition(".")[2])
        elif name in SETTINGS:
            # `Extra.forbid` of version 1 is "forbid".
            value = (
                expression.attr
                if isinstance(expression, ast.Attribute)
                else plain_value(maker, expression, scope)
            )
            if value is not UNKNOWN:
                settings[name] = value
    return settings


def _pairs(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """Yield the settings that a model is given, in each of the ways that pydantic has had for it."""
    yield from ((each.arg, each.value) for each in node.keywords if each.arg)
    for statement in node.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Call() as call):
                yield from ((each.arg, each.value) for each in call.keywords if each.arg)
            case ast.Assign(targets=[ast.Name(id="model_config")], value=ast.Dict() as given):
                for key, value in zip(given.keys, given.values, strict=True):
                    if isinstance(key, ast.Constant):
                        yield str(key.value), value
            case ast.ClassDef(name="Config"):
                for inner in statement.body:
                    if isinstance(inner, ast.Assign) and isinstance(inner.targets[0], ast.Name):
                        yield inner.targets[0].id, inner.value
            case _:
                pass


def _decorators(maker: Making, function: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> list[str]:
    called = (each.func if isinstance(each, ast.Call) else each for each in function.decorator_list)
    return [path_of(maker, each, scope).rpartition(".")[2] for each in called]


def _unknown() -> Any:
    raise NotImplementedError  # never called: what it stands for is code of the project
