"""Which arguments are certainly objects of a database: Django's and SQLAlchemy's models of the project."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import bases_of
from taskcontract.extract.static.modules import Assigned
from taskcontract.extract.static.values import Class, External, Instance, Member, Value

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluate import Evaluator
    from taskcontract.extract.static.modules import Scope

__all__ = ["find_model", "find_own_model"]

BASES = frozenset(("django.db.models.Model", "django.db.models.base.Model", "sqlalchemy.orm.DeclarativeBase"))
GIVING_ONE = frozenset(("get", "create", "latest", "earliest"))
"""Methods of a manager that give an object, and nothing else."""
FETCHING = frozenset(("django.shortcuts.get_object_or_404",))


def find_model(evaluator: Evaluator, name: str, scope: Scope) -> str | None:
    """Return the model whose object a function's own `name` holds, from its one assignment."""
    if scope.parent is None or scope.is_class or name in scope.values:
        return None
    bindings = scope.names.get(name, [])
    if len(bindings) != 1 or not isinstance(bindings[0], Assigned) or bindings[0].index is not None:
        return None
    match bindings[0].value:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(value=model, attr="objects"), attr=method)) if (
            method in GIVING_ONE
        ):
            return _name_model(evaluator, evaluator.evaluate(model, scope))
        case ast.Call(func=ast.Name() as function, args=[model, *_]) if _is_fetching(
            evaluator, function, scope
        ):
            return _name_model(evaluator, evaluator.evaluate(model, scope))
        case ast.Call(func=ast.Name() | ast.Attribute() as model):
            return _name_model(evaluator, evaluator.evaluate(model, scope))
    return None


def find_own_model(evaluator: Evaluator, owner: Class) -> str | None:
    """Return the model that `self` is in a method of `owner`, or None where `owner` is not a model."""
    return _name_model(evaluator, owner)


def _is_fetching(evaluator: Evaluator, function: ast.expr, scope: Scope) -> bool:
    value = evaluator.evaluate(function, scope)
    return isinstance(value, External) and value.path in FETCHING


def _name_model(evaluator: Evaluator, value: Value) -> str | None:
    """Return the name of a class of the tree that is a model, and says of itself no JSON form."""
    if not isinstance(value, Class):
        return None
    bases = list(bases_of(evaluator, value))
    if any("__json__" in each.body.names for each in bases if isinstance(each, Class)):
        return None
    return value.node.name if any(map(_is_model_base, bases)) else None


def _is_model_base(value: Value) -> bool:
    match value:
        case External(path=path):
            return path in BASES
        case Member(of=Instance(of=External(path="flask_sqlalchemy.SQLAlchemy")), name="Model"):
            return True
        case Instance(of=External(path=path)):
            return path.endswith(".declarative_base")
    return False
