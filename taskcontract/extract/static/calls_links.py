"""How many values come before a signature's own: none, the result of the task before, or unknown."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Links"]

KEPT = frozenset(("set", "on_error", "link", "link_error", "clone"))
"""Methods of a signature that give it back."""
CANVAS = {
    f"celery.{module}{name}": name for module in ("", "canvas.") for name in ("chain", "group", "chord")
}


class Links:
    """Reads canvases from the outside in: each signature in them is met after what holds it.

    `name_of` gives the dotted name that an expression stands for, "" where it is not known.
    """

    def __init__(self, name_of: Callable[[ast.expr], str]) -> None:
        self._name_of = name_of
        self._leading: dict[ast.AST, int | None] = {}

    def leading_of(self, signature: ast.Call) -> int | None:
        """Return how many values come before those of `signature`; None where it is not known."""
        return self._leading.get(signature)

    def has(self, signature: ast.Call) -> bool:
        """Return whether `signature` is sent where it stands, or is a part of a canvas."""
        return signature in self._leading

    def see(self, node: ast.AST) -> None:
        """Take in what `node` says of the signatures within it."""
        match node:
            case ast.Call(func=ast.Attribute(attr="delay" | "apply_async" as method, value=held)):
                given = node.args or any(each.arg in (None, "args", "kwargs") for each in node.keywords)
                self._mark(held, None if given or (method == "delay" and node.keywords) else 0)
            case ast.Call(func=ast.Attribute(attr="add_periodic_task")) if len(node.args) == 2:
                if not any(each.arg in (None, "args", "kwargs") for each in node.keywords):
                    self._mark(node.args[1], 0)
            case ast.Call(func=ast.Attribute(attr="link")):
                self._mark_all(node.args, 1)
            case ast.Call() if self._canvas_of(node) or self._canvas_of(node.func):
                self._mark(node, None)
            case ast.BinOp(op=ast.BitOr()):
                self._mark(node, None)
        if isinstance(node, ast.Call):
            self._mark_all((each.value for each in node.keywords if each.arg == "link"), 1)

    def _canvas_of(self, node: ast.expr) -> str | None:
        return CANVAS.get(self._name_of(node.func)) if isinstance(node, ast.Call) else None

    def _mark_all(self, nodes: Iterable[ast.expr], leading: int | None) -> None:
        for node in nodes:
            self._mark(node, leading)

    def _mark(self, node: ast.expr, leading: int | None) -> None:
        """Say that `leading` values come before those of the signature, or the canvas, `node`."""
        if node in self._leading:
            return
        self._leading[node] = leading
        match node:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                self._mark(left, leading)
                self._mark(right, 1)
            case ast.List(elts=items) | ast.Tuple(elts=items):
                self._mark_all(items, leading)
            case ast.ListComp(elt=item) | ast.GeneratorExp(elt=item) | ast.Starred(value=item):
                self._mark(item, leading)
            case ast.Call(func=ast.Attribute(attr=method, value=held)) if method in KEPT:
                self._mark(held, leading)
            case ast.Call() if self._canvas_of(node.func) == "chord":
                self._mark(node.func, leading)
                self._mark_all(node.args[:1], 1)
            case ast.Call():
                self._mark_canvas(node, leading)

    def _mark_canvas(self, node: ast.Call, leading: int | None) -> None:
        match self._canvas_of(node):
            case "group":
                self._mark_all(node.args, leading)
            case "chord":
                self._mark_all(node.args[:1], leading)
                self._mark_all(node.args[1:2], 1)
                self._mark_all((each.value for each in node.keywords if each.arg == "body"), 1)
            case "chain":
                items = node.args
                if len(items) == 1 and isinstance(items[0], ast.List | ast.Tuple):
                    items = items[0].elts
                self._mark_all(items[:1], leading)
                if items and not isinstance(items[0], ast.Starred):
                    self._mark_all(items[1:], 1)
