"""The entries of beat schedules, and of `task_routes`, wherever they are written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from taskcontract.extract.static.calls_arguments import Arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from taskcontract.extract.static.calls_terms import Names

__all__ = ["Entry", "list_entries", "list_routes", "list_scheduled"]

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
    task = _name_task(items["task"], names)
    if task is None:
        return
    sent = Arguments()
    sent.take_sequence(items.get("args"))
    sent.take_mapping(items.get("kwargs"))
    options = Arguments()
    options.take_mapping(items.get("options"))
    sent.options = options.keywords
    yield Entry(task, items["task"], sent)


def _name_task(node: ast.expr, names: Names) -> str | None:
    """Return the task of an entry: a text, or `task.name`."""
    text = names.text_of(node)
    if text is None and isinstance(node, ast.Attribute) and node.attr == "name":
        return names.task_of(node.value)
    return text


def list_scheduled(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the entries that `node` puts into a beat schedule as they stand; others may be templates."""
    match node:
        case ast.Assign(targets=[ast.Subscript(value=holder)], value=value) if _is_schedule(holder):
            yield value
        case (
            ast.Assign(targets=[target], value=ast.Dict(values=values))
            | ast.AnnAssign(target=target, value=ast.Dict(values=values))
        ) if _is_schedule(target):
            yield from values
        case ast.keyword(arg=str() as name, value=ast.Dict(values=values)) if _is_schedule(ast.Name(name)):
            yield from values


def _is_schedule(node: ast.expr) -> bool:
    """Whether `node` is the setting `beat_schedule`, in any of its spellings."""
    return _last_name(node).lower().replace("_", "").endswith("beatschedule")


def list_routes(node: ast.AST) -> Iterator[ast.expr]:
    """Yield the keys of the routes that `node` assigns, or passes as a keyword."""
    match node:
        case ast.Assign(targets=[target], value=value):
            pass
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            pass
        case ast.keyword(arg=str() as name, value=value):
            target = ast.Name(name)
        case _:
            return
    if _last_name(target) not in ROUTES and not _last_name(target).endswith("_TASK_ROUTES"):
        return
    tables = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    for table in tables:
        if isinstance(table, ast.Dict):
            yield from (key for key in table.keys if key is not None)
        elif isinstance(table, ast.Tuple) and len(table.elts) == 2:  # (pattern, options)
            yield table.elts[0]


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str() as name)):
            return name
    return ""
