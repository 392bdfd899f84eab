"""Entries of a beat schedule that code puts into a database: `PeriodicTask` rows of django-celery-beat."""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING

from taskcontract.extract.static.calls_arguments import Arguments
from taskcontract.extract.static.calls_settings import Entry, name_task

if TYPE_CHECKING:
    from taskcontract.extract.static.calls_terms import Names

__all__ = ["read_row"]

ROW = "django_celery_beat.models.PeriodicTask"
MAKERS = frozenset(
    f"{ROW}.objects.{prefix}{method}"
    for prefix in ("", "a")
    for method in ("create", "get_or_create", "update_or_create")
)
DEFAULTS = ("defaults", "create_defaults")


def read_row(node: ast.Call, names: Names) -> Entry | None:
    """Return the entry that `node` stores, where its task is known: a call of the model or of its manager."""
    called = names.name_of(node.func)
    if called != ROW and called not in MAKERS:
        return None
    fields = {each.arg: each.value for each in node.keywords if each.arg is not None}
    hides = any(each.arg is None for each in node.keywords)
    for name in DEFAULTS if called != ROW else ():
        given = fields.pop(name, None)
        if isinstance(given, ast.Dict):
            fields |= {
                key.value: value
                for key, value in zip(given.keys, given.values, strict=True)
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            }
            hides = hides or not all(isinstance(key, ast.Constant) for key in given.keys)
        else:
            hides = hides or given is not None
    task = fields.get("task")
    named = name_task(task, names) if task is not None else None
    if task is None or named is None:
        return None
    sent = Arguments()
    _take(fields.get("args"), names, sent, list)
    _take(fields.get("kwargs"), names, sent, dict)
    sent.more_positional |= hides and "args" not in fields
    sent.more_keywords |= hides and "kwargs" not in fields
    return Entry(named, task, sent)


def _take(
    node: ast.expr | None, names: Names, sent: Arguments, kind: type[list[object] | dict[str, object]]
) -> None:
    """Add what a field holds as JSON: a text that stands there, or what `json.dumps` is given."""
    if node is None:
        return
    if isinstance(node, ast.Call) and names.name_of(node.func) == "json.dumps" and len(node.args) == 1:
        given: ast.expr | None = node.args[0]
    else:
        given = _parse(names.text_of(node), kind)
    if given is None:
        sent.more_positional |= kind is list
        sent.more_keywords |= kind is dict
    elif kind is list:
        sent.take_sequence(given)
    else:
        sent.take_mapping(given)


def _parse(text: str | None, kind: type[list[object] | dict[str, object]]) -> ast.expr | None:
    """Return the expression of a JSON text's value; None where it is none of that `kind`."""
    try:
        value = json.loads(text or "")
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, kind):
        return None
    return ast.parse(repr(value), mode="eval").body
