"""What the makers of types ask each other for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import ast

    from taskcontract.extract.static.annotations.names import Names
    from taskcontract.extract.static.modules import Scope
    from taskcontract.extract.static.values import Value

__all__ = ["Evaluates", "Making"]


class Evaluates(Protocol):
    """Knows what expressions stand for."""

    def evaluate(self, expression: ast.expr, scope: Scope) -> Value:
        """Return what `expression` stands for in `scope`."""
        ...


class Making(Protocol):
    """Makes the parts of a type."""

    evaluator: Evaluates
    names: Names
    made: dict[ast.ClassDef, Any]
    """The classes that were made, by their definitions; first without the types of their fields."""
    forward: dict[str, Any]
    """The types of the fields of models, which they name before they are known."""
    unfinished: list[Any]
    """Models that do not know the types of their fields yet."""

    def part(self, expression: ast.expr, scope: Scope) -> Any:
        """Return the type of a part of an annotation."""
        ...

    def spell(self, expression: ast.expr, scope: Scope) -> str:
        """Return the text of an annotation with each name in full."""
        ...
