"""Lines of source text that are no longer than they should be."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from taskcontract.provider.scaffold.names import quote

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LONGEST", "define", "document", "fill", "raise_question", "wrap"]

LONGEST = 100
"""Characters in a line."""


def define(name: str, parameters: Sequence[str], result: str) -> str:
    """The head of a function."""
    return wrap(f"def {name}(", parameters, f") -> {result}:")


def document(text: str) -> str:
    """`text` as a function's docstring."""
    text = text.replace("\\", "\\\\").replace('"', "'")
    filled = textwrap.fill(text[:1].upper() + text[1:], LONGEST - 8, subsequent_indent="    ")
    return f'    """{filled}"""' if "\n" not in filled else f'    """{filled}\n    """'


def fill(line: str) -> str:
    """A long line of a module's docstring, broken."""
    return textwrap.fill(line.replace("\\", "\\\\").replace('"""', "'''"), LONGEST, subsequent_indent="  ")


def raise_question(question: str) -> str:
    """The statement that asks until somebody has decided."""
    return wrap("    raise NotImplementedError(", [quote(question)], ")")


def wrap(start: str, members: Sequence[str], end: str) -> str:
    """A line with `members` between brackets; where that is too long, each in a line of its own."""
    line = start + ", ".join(members) + end
    if len(line) <= LONGEST:
        return line
    indent = " " * (len(start) - len(start.lstrip()))
    lone = len(members) == 1
    inside = [f"{indent}    {member}{'' if lone else ','}" for member in members]
    return "\n".join([start, *inside, f"{indent}{end}"])
