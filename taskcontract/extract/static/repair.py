"""Repair a source text so that this Python's parser reads it: each line stays where it was.

tree-sitter finds the statements also where some are wrong, and knows the syntax of newer and older Pythons.
What has a form in this Python is written so (`rewriting.py`); any other statement becomes a `pass`.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import tree_sitter_python
from tree_sitter import Language, Parser

from taskcontract.extract.static.lost import FAILURES, Lost
from taskcontract.extract.static.rewriting import blank, rewrite

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

__all__ = ["repair"]

DEEPEST = 40
"""Blocks in blocks that are looked into."""

MOST_LINES = 30
"""Single lines that are left out of a file: each costs a parse of all of it."""

DEFINITIONS = frozenset({"function_definition", "class_definition", "decorated_definition"})
HOLDERS = re.compile(r".*_(?:clause|statement|definition)$|case_block$|block$")
"""Nodes that may have blocks of statements in them."""


def repair(text: bytes) -> tuple[bytes, tuple[Lost, ...]]:
    """Return a text of the same lines that Python reads, if any of it can be read, and what was left out."""
    parser = Parser(Language(tree_sitter_python.language()))
    return _Repair(text, parser.parse(text).root_node).run()


class _Repair:
    def __init__(self, text: bytes, root: Node) -> None:
        self._text = bytearray(text)
        self._root = root
        self._lost: list[Lost] = []
        self._statements: list[int] = []

    def run(self) -> tuple[bytes, tuple[Lost, ...]]:
        rewrite(self._root, self._text)
        if not _reads(bytes(self._text)):
            self._mend_all(self._root.children, 0)
        self._drop_lines()
        if self._statements:
            line, more = min(self._statements), len(set(self._statements)) - 1
            what = "a statement is not Python that can be read"
            self._lost.append(Lost(line, what + (f", nor are {more} below" if more else "")))
        return bytes(self._text), tuple(sorted(self._lost))

    def _drop_lines(self) -> None:
        """Leave out a few lines at which Python still stops, as statements do not fit together."""
        for _ in range(MOST_LINES):
            try:
                ast.parse(bytes(self._text))
            except SyntaxError as error:
                start, end = self._line(error.lineno or 1)
                indent = len(self._text[start:end]) - len(self._text[start:end].lstrip())
                instead = b"" if self._text[start:end].strip() == b"pass" else b"pass"
                blank(self._text, start + indent, end, instead)
                self._statements.append(error.lineno or 1)
            except (ValueError, RecursionError, MemoryError):
                return
            else:
                return

    def _line(self, number: int) -> tuple[int, int]:
        """Return where the text of a line begins and ends."""
        start = 0
        for _ in range(number - 1):
            start = self._text.find(b"\n", start) + 1
        end = self._text.find(b"\n", start)
        return start, end if end >= 0 else len(self._text)

    def _mend_all(self, nodes: list[Node], depth: int) -> None:
        for node in nodes:
            if node.is_error or not self._stands(node):
                self._mend(node, depth)

    def _mend(self, node: Node, depth: int) -> None:
        """Make `node` readable: by what stands in it, by its head alone, or not at all."""
        if depth < DEEPEST and not node.is_error:
            for block in _blocks_in(node):
                self._mend_all(block.children, depth + 1)
            for child in node.children:
                if child.is_error and not self._stands(node):
                    self._lose(child)
            if self._stands(node):
                return
            if node.type in DEFINITIONS and self._keep_head(node):
                return
        self._lose(node)

    def _keep_head(self, node: Node) -> bool:
        """Put a `pass` in the place of a function's body; return whether its head can be read then."""
        function = node.child_by_field_name("definition") or node
        body = function.child_by_field_name("body")
        if function.type != "function_definition" or body is None:
            return False
        before = self._text[body.start_byte : body.end_byte]
        blank(self._text, body.start_byte, body.end_byte, b"pass")
        if not self._stands(node):
            self._text[body.start_byte : body.end_byte] = before
            return False
        self._lost.append(Lost(function.start_point.row + 1, f"the body of {_name(function)} is not read"))
        return True

    def _lose(self, node: Node) -> None:
        line = node.start_point.row + 1
        if node.type in DEFINITIONS:
            inner = node.child_by_field_name("definition") or node
            self._lost.append(Lost(line, f"the definition of {_name(inner)} is not Python that can be read"))
        else:
            self._statements.append(line)
        blank(self._text, node.start_byte, node.end_byte, b"" if self._is_inline(node) else b"pass")

    def _is_inline(self, node: Node) -> bool:
        """Return whether something else stands in the line before or behind `node`."""
        start = self._text.rfind(b"\n", 0, node.start_byte) + 1
        end = self._text.find(b"\n", node.end_byte)
        rest = self._text[node.end_byte : end if end >= 0 else len(self._text)].strip()
        return bool(self._text[start : node.start_byte].strip() or (rest and not rest.startswith(b"#")))

    def _stands(self, node: Node) -> bool:
        """Return whether a statement, by itself, can be read."""
        start = self._text.rfind(b"\n", 0, node.start_byte) + 1
        before = bytes(self._text[start : node.start_byte])
        text = bytes(self._text[node.start_byte : node.end_byte])
        if not before:
            return _reads(text)
        return _reads(b"if 1:\n" + before + text) if before.isspace() else _reads(text)


def _blocks_in(node: Node) -> Iterator[Node]:
    """Yield the nearest blocks of statements in `node`."""
    for child in node.children:
        if child.type == "block":
            yield child
        elif HOLDERS.match(child.type):
            yield from _blocks_in(child)


def _name(node: Node) -> str:
    name = node.child_by_field_name("name")
    return name.text.decode("utf-8", "replace") if name is not None and name.text else "a definition"


def _reads(text: bytes) -> bool:
    try:
        ast.parse(text)
    except FAILURES:
        return False
    return True
