"""A module's names, or those of a function or class in it, and what each is bound to; no order of running."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Assigned", "Binding", "Defined", "Imported", "Module", "Scope", "blocks_of", "statements_in"]


@dataclass(frozen=True, slots=True)
class Imported:
    """`import module` (no `name`) or `from module import name`; `module` is absolute."""

    module: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Assigned:
    """`target = value`; `index` is the place in a target such as `a, b`."""

    value: ast.expr
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Defined:
    """`def` or `class`."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


Binding: TypeAlias = Imported | Assigned | Defined | None
"""None: bound to what only running tells, as by a `for`."""


@dataclass(slots=True, eq=False)
class Module:
    """A parsed file: its path in the tree, its dotted name, and the root that the name counts from."""

    path: str
    name: str
    root: str
    is_package: bool
    tree: ast.Module
    text: bytes
    scope: Scope = field(init=False)

    def __post_init__(self) -> None:
        self.scope = Scope(self, self.tree.body, None)

    def absolute(self, level: int, module: str | None) -> str:
        """Return the absolute name of what `from ..module import` names."""
        if not level:
            return module or ""
        parts = self.name.split(".")
        base = parts[: len(parts) - level + self.is_package]
        return ".".join([*base, *([module] if module else [])])


@dataclass(slots=True, eq=False)
class Scope:
    """The names of a module, a function or a class.

    `values` are those Values that are known without looking at bindings: the arguments of a call.
    """

    module: Module
    body: Sequence[ast.stmt]
    parent: Scope | None
    is_class: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    _names: dict[str, list[Binding]] | None = None
    stars: list[str] = field(default_factory=list)

    @property
    def names(self) -> dict[str, list[Binding]]:
        """Each name -> what binds it, in the order of the text; what Celery's absence binds comes first."""
        if self._names is None:
            self._names = {}
            for statement in _likeliest_last(self.body):
                self._bind(statement, self._names)
        return self._names

    def _bind(self, statement: ast.stmt, names: dict[str, list[Binding]]) -> None:
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                names.setdefault(statement.name, []).append(Defined(statement))
            case ast.Import() | ast.ImportFrom():
                self._bind_import(statement, names)
            case ast.Assign():
                for target in statement.targets:
                    _bind_target(target, statement.value, names)
            case ast.AnnAssign(value=ast.expr() as value):
                _bind_target(statement.target, value, names)
            case ast.For() | ast.AsyncFor():
                _bind_target(statement.target, None, names)
            case ast.With() | ast.AsyncWith():
                for target in filter(None, (item.optional_vars for item in statement.items)):
                    _bind_target(target, None, names)
            case _:
                pass

    def _bind_import(self, statement: ast.Import | ast.ImportFrom, names: dict[str, list[Binding]]) -> None:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                bound = alias.asname or alias.name.partition(".")[0]
                names.setdefault(bound, []).append(Imported(alias.name if alias.asname else bound))
            return
        source = self.module.absolute(statement.level, statement.module)
        for alias in statement.names:
            if alias.name == "*":
                self.stars.append(source)
            else:
                names.setdefault(alias.asname or alias.name, []).append(Imported(source, alias.name))


def _bind_target(target: ast.expr, value: ast.expr | None, names: dict[str, list[Binding]]) -> None:
    if isinstance(target, ast.Name):
        names.setdefault(target.id, []).append(Assigned(value) if value is not None else None)
    elif isinstance(target, (ast.Tuple, ast.List)):
        for index, part in enumerate(target.elts):
            if isinstance(part, ast.Name):
                names.setdefault(part.id, []).append(Assigned(value, index) if value is not None else None)


def statements_in(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of `body` and of blocks in it, in order, not those of functions and classes."""
    for statement in body:
        yield statement
        for inner in blocks_of(statement):
            yield from statements_in(inner)


def _likeliest_last(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield what `statements_in` does, but first what stands in for Celery where that is not installed.

    Where a project has tasks, Celery is there: `except ImportError` beside its import is not run.
    """
    for statement in body:
        yield statement
        blocks = list(blocks_of(statement))
        if isinstance(statement, (ast.Try, ast.TryStar)) and any(map(_imports_celery, statement.body)):
            handlers = [handler.body for handler in statement.handlers]
            blocks = [*handlers, statement.body, statement.orelse, statement.finalbody]
        elif isinstance(statement, ast.If) and _asks_for_celery(statement.test):
            blocks.reverse()
        for inner in blocks:
            yield from _likeliest_last(inner)


def _imports_celery(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Import):
        return any(alias.name.partition(".")[0] == "celery" for alias in statement.names)
    return isinstance(statement, ast.ImportFrom) and (statement.module or "").partition(".")[0] == "celery"


def _asks_for_celery(test: ast.expr) -> bool:
    """Return whether a test holds where Celery is there: `celery`, `HAS_CELERY`, `celery is not None`."""
    match test:
        case ast.Compare(left=left, ops=[ast.IsNot()], comparators=[ast.Constant(value=None)]):
            test = left
        case _:
            pass
    name = test.id if isinstance(test, ast.Name) else test.attr if isinstance(test, ast.Attribute) else ""
    return "celery" in name.lower()


def blocks_of(statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
    """Yield the blocks in `statement`; functions and classes have scopes of their own instead."""
    match statement:
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            yield statement.body
            yield statement.orelse
        case ast.With() | ast.AsyncWith():
            yield statement.body
        case ast.Try() | ast.TryStar():
            yield statement.body
            for handler in statement.handlers:
                yield handler.body
            yield statement.orelse
            yield statement.finalbody
        case ast.Match():
            for case in statement.cases:
                yield case.body
        case _:
            pass
