"""The texts of a union, told apart by their form: `UUID | str` is a uuid text or other text."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from taskcontract.diff.walker.nodes import read_node

if TYPE_CHECKING:
    from taskcontract.diff.walker.nodes import Node
    from taskcontract.model.canonical import Json

__all__ = ["tell_texts"]

TEXT = re.compile(r"string( [0-9]+)?")


def tell_texts(old: Node, old_root: Json, new: Node, new_root: Json) -> None:
    """Label the texts of both unions by their form where a type alone does not tell them apart.

    Both sides are labelled in the same way, so that each alternative meets the one that it is.
    """
    if max(_count_texts(old), _count_texts(new)) > 1:
        old.branches = _labelled(old, old_root)
        new.branches = _labelled(new, new_root)


def _count_texts(node: Node) -> int:
    return sum(TEXT.fullmatch(label) is not None for label in node.branches)


def _labelled(node: Node, root: Json) -> dict[str, Json]:
    labelled: dict[str, Json] = {}
    counts: Counter[str] = Counter()
    for label, option in node.branches.items():
        told = _say_text(read_node(option, root)) if TEXT.fullmatch(label) else label
        counts[told] += 1
        labelled[f"{told} {counts[told]}" if counts[told] > 1 else told] = option
    return labelled


def _say_text(node: Node) -> str:
    if node.values is not None:
        return "listed text"
    return f"{node.format} text" if node.format is not None else "other text"
