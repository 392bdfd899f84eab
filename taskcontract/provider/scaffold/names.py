"""Names that a skeleton makes up: identifiers that nothing else in its module goes by."""

from __future__ import annotations

import ast
import builtins
import json
from itertools import chain, count
from keyword import iskeyword
from typing import TYPE_CHECKING
from unicodedata import normalize

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Variables", "is_usable", "names_in", "quote"]


class Variables:
    """New names, none of which hides one that is `taken` or a builtin."""

    def __init__(self, taken: Iterable[str], prefix: str) -> None:
        self._taken = {*taken, *vars(builtins)}
        self._prefix = prefix

    def add(self, wanted: str) -> str:
        """`wanted` where that will do, or else a name like it, with the prefix; it is taken from now on."""
        stem = "".join(each if f"_{each}".isidentifier() else "_" for each in normalize("NFKC", wanted))
        prefixed = f"{self._prefix}_{stem}"
        free = chain((stem, prefixed), (f"{prefixed}_{number}" for number in count(2)))
        name = next(each for each in free if is_usable(each) and each not in self._taken)
        self._taken.add(name)
        return name


def is_usable(name: str) -> bool:
    """Whether `name` can be a variable or a keyword argument, and Python leaves it as it is."""
    return (
        name.isidentifier()
        and not iskeyword(name)
        and name != "__debug__"  # which cannot be assigned to
        and normalize("NFKC", name) == name  # what Python makes of a name in source text
    )


def names_in(expression: str) -> set[str]:
    """The names that an expression (the text of an annotation, say) looks up."""
    return {node.id for node in ast.walk(ast.parse(expression)) if isinstance(node, ast.Name)}


def quote(text: str) -> str:
    """`text` as a string literal in double quotes."""
    return json.dumps(text, ensure_ascii=False)
