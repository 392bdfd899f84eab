"""What the reader of call sites asks of whoever knows the names of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ast

__all__ = ["Names"]


class Names(Protocol):
    """What the expressions of a module stand for, where they stand."""

    def task_of(self, node: ast.expr) -> str | None:
        """Return the registered name of the task that `node` is, or None."""
        ...

    def name_of(self, node: ast.expr) -> str:
        """Return the dotted name of what `node` is outside the project; empty where it is not that."""
        ...

    def text_of(self, node: ast.expr) -> str | None:
        """Return the text that `node` is, or None."""
        ...

    def model_of(self, node: ast.expr) -> str | None:
        """Return the database model of which `node` is certainly an instance, or None."""
        ...

    def inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> Names:
        """Return what expressions stand for in the body of a function or a class."""
        ...
