"""What a call of `delay`, `apply_async` and their like sends: how many arguments, of which names."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Arguments", "read_direct", "read_options_call", "read_repeated", "read_retry"]


RETRY_OPTIONS = ("exc", "throw", "max_retries")
"""What `retry` takes for itself."""


@dataclass(slots=True)
class Arguments:
    """What is sent, as far as it stands there: `values` are the expressions that stand for arguments.

    `more_positional` and `more_keywords` are as in `CallSite`. `options` are the names of what is given
    beside.
    """

    positional: int = 0
    keywords: list[str] = field(default_factory=list)
    more_positional: bool = False
    more_keywords: bool = False
    options: list[str] = field(default_factory=list)
    values: list[ast.expr] = field(default_factory=list)

    def take_sequence(self, node: ast.expr | None) -> None:
        """Add the items given as `args=`; anything but a list or tuple display may hold any number."""
        match node:
            case None | ast.Constant(value=None):
                pass
            case ast.Tuple(elts=items) | ast.List(elts=items):
                self.take_items(items)
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                self.take_sequence(left)
                self.take_sequence(right)
            case _:
                self.more_positional = True

    def take_items(self, items: Sequence[ast.expr]) -> None:
        """Add positional arguments; a `*` among them may hold any number."""
        for item in items:
            if isinstance(item, ast.Starred):
                self.more_positional = True
            else:
                self.positional += 1
                self.values.append(item)

    def take_mapping(self, node: ast.expr | None) -> None:
        """Add the keys given as `kwargs=`; anything but a dict display may hold any."""
        match node:
            case None | ast.Constant(value=None):
                pass
            case ast.Dict(keys=keys, values=values):
                for key, value in zip(keys, values, strict=True):
                    if isinstance(key, ast.Constant) and isinstance(key.value, str):
                        self._take_keyword(key.value, value)
                    elif key is None:
                        self.take_mapping(value)
                    else:
                        self.more_keywords = True
            case ast.Call(func=ast.Name(id="dict"), args=[], keywords=keywords):
                self.take_keywords(keywords)
            case _:
                self.more_keywords = True

    def take_keywords(self, keywords: Sequence[ast.keyword]) -> None:
        """Add the keywords of a call that passes all of them on."""
        for keyword in keywords:
            if keyword.arg is None:
                self.take_mapping(keyword.value)
            else:
                self._take_keyword(keyword.arg, keyword.value)

    def _take_keyword(self, name: str, value: ast.expr) -> None:
        if name not in self.keywords:
            self.keywords.append(name)
        self.values.append(value)


def read_direct(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Arguments:
    """Return what `delay(*args, **keywords)` sends, or `s` and `si` hold: all that they are given."""
    sent = Arguments()
    sent.take_items(args)
    sent.take_keywords(keywords)
    return sent


def read_options_call(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Arguments:
    """Return what `apply_async(args, kwargs, **options)` sends: its first two arguments, and the options."""
    sent = Arguments()
    if any(isinstance(each, ast.Starred) for each in args):
        return Arguments(more_positional=True, more_keywords=True)
    given: dict[str, ast.expr] = dict(zip(("args", "kwargs"), args, strict=False))
    hides = False
    for keyword in keywords:
        if keyword.arg is None:
            hides = True
        elif keyword.arg in ("args", "kwargs"):
            given[keyword.arg] = keyword.value
        else:
            sent.options.append(keyword.arg)
    sent.take_sequence(given.get("args"))
    sent.take_mapping(given.get("kwargs"))
    sent.more_positional |= hides and "args" not in given
    sent.more_keywords |= hides and "kwargs" not in given
    return sent


def read_retry(args: Sequence[ast.expr], keywords: Sequence[ast.keyword]) -> Arguments | None:
    """Return what `retry(args, kwargs, **options)` sends instead of what the task was called with.

    What it does not give is that of the call before, which may be anything. None where it gives neither.
    """
    sent = read_options_call(args[:2], [each for each in keywords if each.arg not in RETRY_OPTIONS])
    given = dict(zip(("args", "kwargs"), args, strict=False))
    given |= {each.arg: each.value for each in keywords if each.arg in ("args", "kwargs")}
    known = [name for name, value in given.items() if not _is_none(value)]
    if not known or any(isinstance(each, ast.Starred) for each in args):
        return None
    sent.more_positional |= "args" not in known
    sent.more_keywords |= "kwargs" not in known
    return sent


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def read_repeated(form: str) -> Arguments:
    """Return what each call of `map` (one item), or `starmap` and `chunks` (the items of one) sends."""
    return Arguments(positional=1) if form == "map" else Arguments(more_positional=True)
