"""The fields of a class, those of its bases first: their names, annotations and defaults."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.extract.static.annotations.constraints import path_of
from taskcontract.extract.static.annotations.names import Declared, Outside
from taskcontract.extract.static.modules import Scope

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.making import Making

__all__ = ["Family", "Field", "family_of", "fields_in"]

MOST_BASES = 30
MOST_FIELDS = 400


@dataclass(frozen=True, slots=True)
class Field:
    """`name: annotation = value` in a class; `scope` is the one of that class."""

    name: str
    annotation: ast.expr
    value: ast.expr | None
    scope: Scope
    total: bool = True


@dataclass(frozen=True, slots=True)
class Family:
    """A class with its bases: those of the project, the class first, and the paths of the others."""

    classes: tuple[tuple[Declared, Scope], ...]
    outside: tuple[str, ...]
    whole: bool
    """Whether every base is known."""


def family_of(maker: Making, declared: Declared) -> Family:
    """Return a class of the project with its bases, each once."""
    waiting = [declared]
    classes: list[tuple[Declared, Scope]] = []
    outside: list[str] = []
    whole = True
    while waiting and len(classes) < MOST_BASES:
        each = waiting.pop(0)
        if any(each.node is known.node for known, _ in classes):
            continue
        classes.append((each, Scope(each.scope.module, each.node.body, each.scope, is_class=True)))
        for base in each.node.bases:
            bare = base.value if isinstance(base, ast.Subscript) else base
            found = maker.names.find(bare, each.scope)
            if isinstance(found, Declared):
                waiting.append(found)
            elif isinstance(found, Outside):
                outside.append(path_of(maker, bare, each.scope))
                whole = whole and not isinstance(base, ast.Subscript)
            else:
                whole = False
    return Family(tuple(classes), tuple(outside), whole and not waiting)


def fields_in(maker: Making, family: Family) -> dict[str, Field] | None:
    """Return the annotated fields by their names; None where there are too many."""
    fields: dict[str, Field] = {}
    for declared, scope in reversed(family.classes):
        total = not any(
            each.arg == "total" and isinstance(each.value, ast.Constant) and each.value.value is False
            for each in declared.node.keywords
        )
        for statement in declared.node.body:
            if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
                continue
            name = statement.target.id
            if not name.startswith("_") and not _is_of_class(maker, statement.annotation, scope):
                fields[name] = Field(name, statement.annotation, statement.value, scope, total)
    return fields if len(fields) <= MOST_FIELDS else None


def _is_of_class(maker: Making, annotation: ast.expr, scope: Scope) -> bool:
    """Return whether this is the annotation of a variable of the class itself."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.startswith(("ClassVar", "typing.ClassVar"))
    bare = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    return path_of(maker, bare, scope) == "typing.ClassVar"
