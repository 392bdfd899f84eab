"""Names and lines of source text."""

from __future__ import annotations

import ast
import builtins
import json
import textwrap
import tokenize
from io import StringIO
from itertools import chain, count, pairwise
from keyword import iskeyword
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LONGEST",
    "FreshNames",
    "fill",
    "is_usable",
    "lay_out",
    "quote",
    "unparse",
    "write_docstring",
]

LONGEST = 100
"""Characters in a line."""

OPENING, CLOSING = ("(", "[", "{"), (")", "]", "}")


def unparse(node: ast.expr | ast.arguments) -> str:
    """Return the text of an expression or of annotated parameters, as formatters write it."""
    text = ast.unparse(node)
    letters = list(text)
    depth = 0
    for token in tokenize.generate_tokens(StringIO(text).readline):
        if token.type == tokenize.STRING and token.string[0] == "'" and '"' not in token.string:
            letters[token.start[1]] = letters[token.end[1] - 1] = '"'
        elif token.type == tokenize.OP:
            depth += (token.string in OPENING) - (token.string in CLOSING)
            if token.string == "=" and depth == 0:
                letters[token.start[1]] = " = "
    return "".join(letters)


def lay_out(line: str, longest: int = LONGEST) -> str:
    """Return a statement that is one line; a longer one is broken in its brackets, as formatters do it."""
    if len(line) <= longest:
        return line
    start, members, end = _split(line)
    if not members:
        return line
    indent = " " * (len(line) - len(line.lstrip()))
    inside = f"{indent}    {', '.join(members)}"
    if len(members) == 1 and members[0][0] in OPENING:
        inside = lay_out(inside, longest)
    elif len(members) > 1 and len(inside) > longest:
        inside = "\n".join(f"{indent}    {member}," for member in members)
    return f"{start}\n{inside}\n{indent}{end}"


def _split(line: str) -> tuple[str, list[str], str]:
    """Split a line before, in and after its brackets: the first ones of a function's head, else the last."""
    pairs: list[list[int]] = []
    depth, indent = 0, len(line) - len(line.lstrip())
    for token in tokenize.generate_tokens(StringIO(line.strip()).readline):
        if token.type != tokenize.OP:
            continue
        depth -= token.string in CLOSING
        if depth == 0 and token.string in OPENING:
            pairs.append([indent + token.end[1]])
        elif (depth == 0 and token.string in CLOSING) or (depth == 1 and token.string == ","):
            pairs[-1].append(indent + token.start[1])
        depth += token.string in OPENING
    if not pairs:
        return line, [], ""
    edges = pairs[0 if line.lstrip().startswith("def ") else -1]
    members = [line[start:end].lstrip(", ") for start, end in pairwise(edges)]
    return line[: edges[0]], [member for member in members if member], line[edges[-1] :]


def write_docstring(text: str) -> str:
    """Return `text` as a function's docstring."""
    text = text.replace("\\", "\\\\").replace('"', "'")
    filled = textwrap.fill(text[:1].upper() + text[1:], LONGEST - 8, subsequent_indent="    ")
    return f'    """{filled}"""' if "\n" not in filled else f'    """{filled}\n    """'


def fill(line: str) -> str:
    """Return a long line of a module's docstring, broken."""
    return textwrap.fill(line.replace("\\", "\\\\").replace('"""', "'''"), LONGEST, subsequent_indent="  ")


class FreshNames:
    """New names, none of which hides one that is `taken` or a builtin."""

    def __init__(self, taken: Iterable[str], prefix: str) -> None:
        self._taken = {*taken, *vars(builtins)}
        self._prefix = prefix

    def add(self, wanted: str) -> str:
        """Return `wanted` if it is free, or else a similar name with the prefix; it is taken from now on."""
        stem = "".join(each if f"_{each}".isidentifier() else "_" for each in normalize("NFKC", wanted))
        prefixed = f"{self._prefix}_{stem}"
        free = chain((stem, prefixed), (f"{prefixed}_{number}" for number in count(2)))
        name = next(each for each in free if is_usable(each) and each not in self._taken)
        self._taken.add(name)
        return name


def is_usable(name: str) -> bool:
    """Return whether `name` can be a variable or a keyword argument, and Python leaves it as it is."""
    return (
        name.isidentifier()
        and not iskeyword(name)
        and name != "__debug__"  # which cannot be assigned to
        and normalize("NFKC", name) == name  # what Python makes of a name in source text
    )


def quote(text: str) -> str:
    """Return `text` as a string literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)
