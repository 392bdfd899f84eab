"""Types that a call makes: `NewType("Id", int)`, `TypedDict("T", {...})`, `conint(gt=0)`."""

from __future__ import annotations

import ast
import collections
import typing
from enum import Enum
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.annotations.constraints import (
    OLD,
    UNKNOWN,
    keywords_of,
    path_of,
    plain_value,
)

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.making import Making
    from taskcontract.extract.static.modules import Scope

__all__ = ["make_called"]

CONSTRAINED = frozenset({"constr", "conint", "confloat", "conbytes", "condecimal", "condate"})


def make_called(maker: Making, call: ast.Call, scope: Scope, name: str) -> Any:
    """Return the type that `name = call` makes; None where that is not known."""
    path = path_of(maker, call.func, scope)
    package, _, made_by = path.rpartition(".")
    if package == "pydantic" and made_by in CONSTRAINED:
        import pydantic

        options = {OLD.get(key, key): value for key, value in keywords_of(maker, call, scope).items()}
        return getattr(pydantic, made_by)(**options)
    if len(call.args) < 2:
        variable: Any = typing.TypeVar
        return variable(name) if path == "typing.TypeVar" and not call.keywords else None
    second = call.args[1]
    match path:
        case "typing.NewType":
            new_type: Any = typing.NewType
            return new_type(name, maker.part(second, scope))
        case "typing.TypeAliasType":
            return maker.part(second, scope)
        case "enum.Enum":
            members = plain_value(maker, second, scope)
            if isinstance(members, (str, list, tuple)) and not call.keywords:
                return Enum(name, members, module=scope.module.name)
            return None
        case "typing.TypedDict" if isinstance(second, ast.Dict):
            fields = {
                key.value: maker.part(value, scope)
                for key, value in zip(second.keys, second.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            total = keywords_of(maker, call, scope).get("total", True) is not False
            from typing_extensions import TypedDict

            make: Any = TypedDict
            return _place(make(name, fields, total=total), scope)
        case "typing.NamedTuple" if isinstance(second, (ast.List, ast.Tuple)):
            pairs = [
                (each.elts[0].value, maker.part(each.elts[1], scope))
                for each in second.elts
                if isinstance(each, ast.Tuple)
                and len(each.elts) == 2
                and isinstance(each.elts[0], ast.Constant)
            ]
            return _place(typing.NamedTuple(name, pairs), scope)  # type: ignore[arg-type]
        case "collections.namedtuple":
            names = plain_value(maker, second, scope)
            return (
                None
                if names is UNKNOWN or call.keywords
                else _place(collections.namedtuple(name, names), scope)
            )
        case _:
            return None


def _place(made: Any, scope: Scope) -> Any:
    made.__module__ = scope.module.name
    return made
