"""Enums made again from the names and values of their members."""

from __future__ import annotations

import ast
import enum
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.annotations.constraints import UNKNOWN, path_of, plain_value

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.fields import Family
    from taskcontract.extract.static.annotations.making import Making

__all__ = ["is_enum", "make_enum"]

KINDS: dict[str, tuple[type[enum.Enum], type | None]] = {
    "enum.Enum": (enum.Enum, None),
    "enum.IntEnum": (enum.IntEnum, None),
    "enum.StrEnum": (enum.StrEnum, None),
    "enum.Flag": (enum.Flag, None),
    "enum.IntFlag": (enum.IntFlag, None),
    "django.db.models.TextChoices": (enum.Enum, str),
    "django.db.models.IntegerChoices": (enum.Enum, int),
}
MIXED = {"builtins.str": str, "builtins.int": int}
CODE = frozenset({"__new__", "__init__", "_generate_next_value_"})
"""Methods that give members other values than those that are written."""


def is_enum(family: Family) -> bool:
    """Return whether a class is an enum."""
    return any(path in KINDS for path in family.outside)


def make_enum(maker: Making, family: Family) -> Any:
    """Return the enum with the members of a class; None where they are not all known."""
    declared, _ = family.classes[0]
    base, kind = next(KINDS[path] for path in family.outside if path in KINDS)
    kind = next((MIXED[path] for path in family.outside if path in MIXED), kind)
    members: dict[str, Any] = {}
    for each, scope in reversed(family.classes):
        for statement in each.node.body:
            if isinstance(statement, ast.FunctionDef) and statement.name in CODE:
                return None
            if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
                continue
            target = statement.targets[0]
            if not isinstance(target, ast.Name) or target.id.startswith("_"):
                continue
            value = _value(maker, statement.value, scope, labelled=family.outside[-1].startswith("django."))
            if value is UNKNOWN:
                return None
            members[target.id] = value
    if not members:
        return None
    pairs = [(name, enum.auto() if value is enum.auto else value) for name, value in members.items()]
    options = {"module": declared.scope.module.name, "qualname": declared.qualname}
    make: Any = base
    made: Any = make(declared.node.name, pairs, **({"type": kind, **options} if kind else options))
    made.__doc__ = ast.get_docstring(declared.node, clean=False)
    return made


def _value(maker: Making, expression: ast.expr, scope: Any, *, labelled: bool) -> Any:
    if isinstance(expression, ast.Call):
        return enum.auto if path_of(maker, expression.func, scope) == "enum.auto" else UNKNOWN
    if labelled and isinstance(expression, ast.Tuple) and expression.elts:
        expression = expression.elts[0]
    value = plain_value(maker, expression, scope)
    return value if value is UNKNOWN or isinstance(value, (str, int, float)) or value is None else UNKNOWN
