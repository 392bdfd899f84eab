"""Write the syntax of newer and older Pythons as this one's, in place, so that no line moves."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node

__all__ = ["blank", "rewrite"]

INNER_QUOTES = bytes.maketrans(b"\"'", b"'\"")
OCTAL = re.compile(rb"^0[0-7]+[lL]?$")


def rewrite(root: Node, text: bytearray) -> None:
    """Rewrite `text`, which `root` was parsed from, where this Python has another form for the same."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        change = _CHANGES.get(node.type)
        if change is not None:
            change(node, text)
        waiting += node.children


def blank(text: bytearray, start: int, end: int, instead: bytes = b"") -> None:
    """Put `instead`, and spaces, in the place of what stands there; lines stay."""
    rest = re.sub(rb"[^\r\n]", b" ", bytes(text[start:end]))
    place = instead if rest[: len(instead)].strip(b" ") == b"" and len(instead) <= len(rest) else b""
    text[start:end] = place + rest[len(place) :]


def _type_parameters(node: Node, text: bytearray) -> None:
    for child in node.children:
        if child.type == "type_parameter":
            blank(text, child.start_byte, child.end_byte)


def _type_alias(node: Node, text: bytearray) -> None:
    """`type X[T] = list[T]` as `X = list[T]`, which stands for the same where a name is asked for."""
    sign = next((child for child in node.children if child.type == "="), None)
    if sign is None or len(node.children) < 2:
        return
    named = node.children[1]
    found = re.match(rb"\w+", bytes(text[named.start_byte : named.end_byte]))
    if found is not None:
        blank(text, node.start_byte, sign.start_byte, found[0])


def _except(node: Node, text: bytearray) -> None:
    """`except A, B:` (a tuple in Python 3.14, a variable in 2) as `except A:`."""
    commas = [child for child in node.children if child.type == ","]
    last = [child for child in node.children if child.is_named and child.type not in {"block", "comment"}]
    if commas and last and last[-1].end_byte > commas[0].start_byte:
        blank(text, commas[0].start_byte, last[-1].end_byte)


def _unequal(node: Node, text: bytearray) -> None:
    text[node.start_byte : node.end_byte] = b"!="


def _integer(node: Node, text: bytearray) -> None:
    """Write `0777` and `10L` of Python 2 as the decimal numbers that they are, which are no longer."""
    digits = bytes(text[node.start_byte : node.end_byte])
    number = digits.rstrip(b"lL")
    if OCTAL.match(digits) and number.strip(b"0"):
        number = str(int(number, 8)).encode()
    if number != digits:
        blank(text, node.start_byte, node.end_byte, number)


def _parameters(node: Node, text: bytearray) -> None:
    """Give a parameter that is a tuple, as Python 2 had them, a name."""
    for child in node.children:
        named = child.children[0] if child.type == "default_parameter" and child.children else child
        if named.type == "tuple_pattern":
            blank(text, named.start_byte, named.end_byte, b"__")


def _string(node: Node, text: bytearray) -> None:
    start, end = node.start_byte, node.end_byte
    opening = node.children[0] if node.children else node
    prefix = bytes(text[start : opening.end_byte]).rstrip(b"\"'").lower()
    if b"t" in prefix:  # a template string
        prefix = prefix.replace(b"t", b"f")
        text[start : start + len(prefix)] = prefix
    if b"u" in prefix and b"r" in prefix:
        text[start : start + len(prefix)] = b" r"
    if b"f" not in prefix or _reads(text, node):
        return
    before = bytes(text[start:end])
    for part in node.children:
        if part.type == "interpolation":
            inside = bytes(text[part.start_byte : part.end_byte])
            text[part.start_byte : part.end_byte] = inside.translate(INNER_QUOTES)
    if not _reads(text, node):
        text[start:end] = before
        blank(text, start, end, b"(...")  # a value that is not known
        text[end - 1 : end] = b")"


def _reads(text: bytearray, node: Node) -> bool:
    try:
        ast.parse(b"(" + text[node.start_byte : node.end_byte] + b")")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


_CHANGES: dict[str, Callable[[Node, bytearray], None]] = {
    "function_definition": _type_parameters,
    "class_definition": _type_parameters,
    "type_alias_statement": _type_alias,
    "except_clause": _except,
    "<>": _unequal,
    "integer": _integer,
    "parameters": _parameters,
    "string": _string,
}
"""By the type of the node."""
