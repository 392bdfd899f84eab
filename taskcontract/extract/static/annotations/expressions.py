"""From an annotation's expression to the type that Python would make of it; unknown ones are opaque."""

from __future__ import annotations

import ast
import typing
from typing import TYPE_CHECKING, Any

from taskcontract.extract.static.annotations.classes import make_class
from taskcontract.extract.static.annotations.constraints import make_metadata
from taskcontract.extract.static.annotations.functional import make_called
from taskcontract.extract.static.annotations.known import known_type, normal_path
from taskcontract.extract.static.annotations.names import Alias, Declared, Inside, Outside
from taskcontract.extract.static.annotations.opaque import opaque_type
from taskcontract.extract.static.values import Constant

if TYPE_CHECKING:
    from taskcontract.extract.static.annotations.making import Evaluates
    from taskcontract.extract.static.annotations.names import Meaning, Names
    from taskcontract.extract.static.modules import Scope

__all__ = ["Maker", "TooMuchError"]

DEEPEST = 40
MOST = 3000
"""Expressions that one annotation may lead to."""

WRAPPERS = frozenset(
    {"typing.Final", "typing.ClassVar", "typing.Required", "typing.NotRequired", "typing.ReadOnly"}
)
"""What says something of a name, and nothing of its values."""


class TooMuchError(Exception):
    """An annotation leads to more than is looked at."""


class Maker:
    """Makes types; the classes that it has made stand in `made`, by their definitions."""

    def __init__(self, evaluator: Evaluates, names: Names) -> None:
        self.evaluator: Evaluates = evaluator
        self.names = names
        self.made: dict[ast.ClassDef, Any] = {}
        self.forward: dict[str, Any] = {}
        """The types of the fields of models, which they name before they are known."""
        self.unfinished: list[Any] = []
        self._left = MOST
        self._depth = 0
        self._open: set[ast.expr] = set()

    def make(self, expression: ast.expr, scope: Scope) -> Any:
        """Return the type of a whole annotation."""
        self._left, self._depth = MOST, 0
        made = self.part(expression, scope)
        self.finish()
        return made

    def finish(self) -> None:
        """Let the models that were made know the types of their fields."""
        while self.unfinished:
            self.unfinished.pop().model_rebuild(force=True, _types_namespace=self.forward)

    def part(self, expression: ast.expr, scope: Scope) -> Any:
        """Return the type of a part of an annotation."""
        self._left -= 1
        if self._left < 0 or self._depth > DEEPEST:
            raise TooMuchError
        self._depth += 1
        try:
            return self._part(expression, scope)
        finally:
            self._depth -= 1

    def _part(self, expression: ast.expr, scope: Scope) -> Any:
        match expression:
            case ast.Constant(value=None):
                return None
            case ast.Constant(value=str() as text):
                return self.part(_read_text(text), scope)
            case ast.Name() | ast.Attribute():
                return self._named(self.names.find(expression, scope), expression, scope)
            case ast.BinOp(op=ast.BitOr()):
                either = self.part(expression.left, scope), self.part(expression.right, scope)
                return typing.Union[either]  # noqa: UP007  # of a None, too
            case ast.Subscript():
                return self._subscript(expression, scope)
            case ast.Call():
                made = make_called(self, expression, scope, "")
                return self.opaque(expression, scope) if made is None else made
            case _:
                return self.opaque(expression, scope)

    def opaque(self, expression: ast.expr, scope: Scope) -> Any:
        """Return the type that is known by its text alone, in which names are the full ones."""
        return opaque_type(self.spell(expression, scope))

    def spell(self, expression: ast.expr, scope: Scope) -> str:
        """Return the text of an annotation with each name in full."""
        return ast.unparse(_Spelling(self.names, scope).visit(_copy(expression)))

    def _named(self, meaning: Meaning, expression: ast.expr, scope: Scope) -> Any:
        match meaning:
            case Outside(path=path):
                path = normal_path(path)
                try:
                    return known_type(path)
                except KeyError:
                    return opaque_type(path.removeprefix("builtins."))
            case Declared():
                return make_class(self, meaning)
            case Alias(name=name, expression=value, scope=within):
                return self._alias(name, value, within)
            case Inside() | None:
                return self.opaque(expression, scope)

    def _alias(self, name: str, value: ast.expr, scope: Scope) -> Any:
        path = f"{scope.module.name}.{name}"
        if value in self._open:
            return opaque_type(path)
        self._open.add(value)
        try:
            if isinstance(value, ast.Call):
                made = make_called(self, value, scope, name)
                return opaque_type(path) if made is None else made
            if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)):
                return self.part(value, scope)
            text = value.value if isinstance(value, ast.Constant) else None
            return self.part(value, scope) if isinstance(text, str) else opaque_type(path)
        finally:
            self._open.discard(value)

    def _subscript(self, expression: ast.Subscript, scope: Scope) -> Any:
        meaning = self.names.find(expression.value, scope)
        path = normal_path(meaning.path) if isinstance(meaning, Outside) else ""
        inner = expression.slice
        parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
        if path == "typing.Optional":
            return typing.Optional[self.part(inner, scope)]  # noqa: UP045
        if path == "typing.Union":
            return typing.Union[tuple(self.part(each, scope) for each in parts)]  # noqa: UP007
        if path == "typing.Literal":
            return self._literal(parts, expression, scope)
        if path == "typing.Annotated":
            return self._annotated(parts, scope)
        if path in WRAPPERS:
            return self.part(inner, scope)
        try:
            origin = known_type(path)
        except KeyError:
            return self.opaque(expression, scope)
        arguments = tuple(self._argument(each, scope) for each in parts)
        try:
            return origin[arguments if len(arguments) != 1 else arguments[0]]
        except TypeError:  # such as int[str]
            return self.opaque(expression, scope)

    def _argument(self, expression: ast.expr, scope: Scope) -> Any:
        if isinstance(expression, ast.Constant) and expression.value is Ellipsis:
            return ...
        if isinstance(expression, ast.Tuple) and not expression.elts:
            return ()
        return self.part(expression, scope)

    def _literal(self, parts: list[ast.expr], expression: ast.expr, scope: Scope) -> Any:
        values: list[Any] = []
        for each in parts:
            if isinstance(each, ast.Attribute):
                members = self.part(each.value, scope)
                value = getattr(members, "__members__", {}).get(each.attr)
                if value is None:
                    return self.opaque(expression, scope)
                values.append(value)
                continue
            known = self.evaluator.evaluate(each, scope)
            if not isinstance(known, Constant) or isinstance(known.value, (float, complex)):
                return self.opaque(expression, scope)
            values.append(known.value)
        return typing.Literal[tuple(values)] if values else self.opaque(expression, scope)

    def _annotated(self, parts: list[ast.expr], scope: Scope) -> Any:
        made = self.part(parts[0], scope)
        for each in parts[1:]:
            for metadata in make_metadata(self, each, scope):
                made = typing.Annotated[made, metadata]
        return made


def _read_text(text: str) -> ast.expr:
    try:
        return ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Name(id=text)


def _copy(expression: ast.expr) -> ast.expr:
    from copy import deepcopy

    return deepcopy(expression)


class _Spelling(ast.NodeTransformer):
    def __init__(self, names: Names, scope: Scope) -> None:
        self._names = names
        self._scope = scope

    def visit_Name(self, node: ast.Name) -> ast.AST:  # as ast calls it
        return self._spell(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        return self._spell(node)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, str):
            inner = _read_text(node.value)
            return node if isinstance(inner, ast.Name) and inner.id == node.value else self.visit(inner)
        return node

    def _spell(self, node: ast.Name | ast.Attribute) -> ast.AST:
        match self._names.find(node, self._scope):
            case Outside(path=path):
                return ast.Name(id=normal_path(path).removeprefix("builtins."))
            case Declared() as declared:
                return ast.Name(id=declared.path)
            case Alias(name=name, scope=scope):
                return ast.Name(id=f"{scope.module.name}.{name}")
            case _:
                return node
