"""What those who evaluate one kind of expression need of whoever evaluates any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import ast

    from taskcontract.extract.static.index import Index
    from taskcontract.extract.static.modules import Scope
    from taskcontract.extract.static.values import TaskValue, Value

__all__ = ["Evaluating"]


class Evaluating(Protocol):
    """An evaluation under way: its index, what it found, and how much more it may do."""

    index: Index
    made: list[TaskValue]
    """The tasks that came to be on the way, also those whose value was thrown away."""
    pending: set[tuple[int, str, int]]
    """The bindings that are being evaluated: scope, name and place among those of the name."""
    known: dict[tuple[Scope, str], Value]
    class_scopes: dict[ast.ClassDef, Scope]
    steps: int
    calls: int

    def evaluate(self, expression: ast.expr, scope: Scope) -> Value:
        """Return what `expression` stands for in `scope`; UNKNOWN where only running it would tell."""
        ...

    def decorated(
        self, value: Value, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, scope: Scope
    ) -> Value:
        """Return what the decorators of `node` make of `value`, the lowest first."""
        ...

    def is_worth_following(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
        """Return whether what a function gives may matter."""
        ...
