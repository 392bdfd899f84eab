"""The entries of beat schedules, and of `task_routes`, wherever they are written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.extract.static.calls_arguments import Arguments

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from taskcontract.extract.static.calls_terms import Names

__all__ = ["Entry", "list_entries", "list_routes", "list_scheduled", "name_task"]

ROUTES = ("task_routes", "CELERY_ROUTES", "CELERY_TASK_ROUTES")


class Entry(NamedTuple):
    """An entry of a schedule: its task's name, where that is written, and what is sent."""

    task: str
    place: ast.expr
    sent: Arguments


def list_entries(node: ast.AST, names: Names) -> Iterator[Entry]:
    """Yield the entry that `node` is: a dict with a `task` and a `schedule`, in any setting of any name."""
    match node:
        case ast.Dict():
            if any(key is None for key in node.keys):
                return
            items = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
        case ast.Call(func=ast.Name(id="dict"), args=[]):
            items = {each.arg: each.value for each in node.keywords}
        case _:
            return
    if not {"task", "schedule"} <= items.keys():
        return
    task = name_task(items["task"], names)
    if task is None:
        return
    sent = Arguments()
    sent.take_sequence(items.get("args"))
    sent.take_mapping(items.get("kwargs"))
    options = Arguments()
    options.take_mapping(items.get("options"))
    sent.options = options.keywords
    yield Entry(task, items["task"], sent)


def name_task(node: ast.expr, names: Names) -> str | None:
    """Return the task of an entry: a text, or `task.name`."""
    text = names.text_of(node)
    if text is None and isinstance(node, ast.Attribute) and node.attr == "name":
        return names.task_of(node.value)
    return text


def list_scheduled(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the entries that `node` puts into a beat schedule as they stand; others may be templates."""
    for table in (*_list_set(node, _is_schedule), *_list_added(node, _is_schedule)):
        if isinstance(table, ast.Dict):
            yield from table.values


def _is_schedule(node: ast.expr) -> bool:
    """Whether `node` is the setting `beat_schedule`, in any of its spellings."""
    return _last_name(node).lower().replace("_", "").endswith("beatschedule")


def list_routes(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the keys of the routes that `node` assigns, passes as a keyword or adds to others."""
    for value in _list_set(node, _is_routes):
        for table in value.elts if isinstance(value, ast.List | ast.Tuple) else [value]:
            if isinstance(table, ast.Dict):
                yield from (key for key in table.keys if key is not None)
            elif isinstance(table, ast.Tuple) and len(table.elts) == 2:  # (pattern, options)
                yield table.elts[0]
    for table in _list_added(node, _is_routes):
        if isinstance(table, ast.Dict):
            yield from (key for key in table.keys if key is not None)


def _is_routes(node: ast.expr) -> bool:
    """Whether `node` is the setting `task_routes`, in any of its spellings."""
    return _last_name(node) in ROUTES or _last_name(node).endswith("_TASK_ROUTES")


def _list_set(node: ast.AST, is_setting: Callable[[ast.expr], bool]) -> Iterator[ast.expr]:
    """Yield what a setting is set to: assigned, passed as a keyword, in a dict (`conf.update({...})`)."""
    match node:
        case (
            ast.Assign(targets=[target], value=value)
            | ast.AnnAssign(target=target, value=ast.expr() as value)
        ) if is_setting(target):
            yield value
        case ast.keyword(arg=str() as name, value=value) if is_setting(ast.Name(name)):
            yield value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                match key:
                    case ast.Constant(value=str() as text) if is_setting(ast.Name(text)):
                        yield value


def _list_added(node: ast.AST, is_setting: Callable[[ast.expr], bool]) -> Iterator[ast.expr]:
    """Yield the tables that `node` adds to a setting which holds one; an entry as a table of one."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=holder, slice=key)], value=entry) if is_setting(holder):
            yield ast.Dict([key], [entry])
        case ast.AugAssign(target=holder, op=ast.BitOr(), value=table) if is_setting(holder):
            yield table
        case ast.Call(func=ast.Attribute(value=holder, attr="update")) if is_setting(holder):
            yield from node.args
            yield from (each.value for each in node.keywords if each.arg is None)
            named = [each for each in node.keywords if each.arg is not None]
            yield ast.Dict([ast.Constant(each.arg) for each in named], [each.value for each in named])
        case ast.Call(func=ast.Attribute(value=holder, attr="setdefault"), args=[key, entry]):
            if is_setting(holder):
                yield ast.Dict([key], [entry])


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
    return ""
