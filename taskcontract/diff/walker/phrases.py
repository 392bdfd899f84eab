"""Parts of schemas in the words of a sentence."""

from __future__ import annotations

from json import dumps
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.diff.walker.nodes import Node
    from taskcontract.model.canonical import Json

__all__ = ["say_format", "say_limits", "say_names", "say_node", "say_values"]

SHOWN = 5
"""Items of a list that a sentence names."""


def say_values(values: Iterable[Json]) -> str:
    """`"red" or "blue"`, at most five of them."""
    texts = [dumps(value, ensure_ascii=False) for value in values]
    if len(texts) > SHOWN:
        texts = [*texts[:SHOWN], f"{len(texts) - SHOWN} more"]
    return " or ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def say_names(names: Iterable[str]) -> str:
    """Each name once, at most five of them: "`send` and `store`"."""
    texts = [f"`{name}`" for name in dict.fromkeys(names)]
    if len(texts) > SHOWN:
        texts = [*texts[:SHOWN], f"{len(texts) - SHOWN} more"]
    return " and ".join([", ".join(texts[:-1]), texts[-1]] if len(texts) > 1 else texts)


def say_limits(new: Node, old: Node) -> str:
    """Spell the limits that differ: `maximum 1024, before 4096`."""
    said = []
    for key in sorted({*old.limits, *new.limits}):
        before, after = old.limits.get(key), new.limits.get(key)
        if before != after:
            now = f"{key} {dumps(after)}" if key in new.limits else f"no {key}"
            said.append(f"{now}, before {dumps(before)}" if key in old.limits else now)
    return "; ".join(said)


def say_node(node: Node) -> str:
    """Spell the types or listed values of a node: `integer or null`."""
    if node.values is not None:
        return say_values([*node.values, None] if node.nullable else node.values)
    if node.branches:
        return " or ".join(sorted(node.branches))
    if node.types is None:
        return "any value"
    return " or ".join([*sorted(node.types), "null"] if node.nullable else sorted(node.types)) or "nothing"


def say_format(node: Node) -> str:
    """Spell the format of a node's texts: `date-time`, `any text`."""
    return node.format or "any text"
