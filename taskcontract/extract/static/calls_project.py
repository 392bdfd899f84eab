"""Every place of a project that sends one of its tasks, and how those tasks are written."""

from __future__ import annotations

import ast
import re
from types import NoneType
from typing import TYPE_CHECKING

from taskcontract.extract.found import CallSite, Definition
from taskcontract.extract.static.attributes import bases_of, find_in_class
from taskcontract.extract.static.calls import read_calls
from taskcontract.extract.static.calls_definitions import describe_definition
from taskcontract.extract.static.calls_names import ScopeNames, node_of
from taskcontract.extract.static.known import is_celery
from taskcontract.extract.static.task_classes import NAMES_ONE
from taskcontract.extract.static.values import Class, Constant, External, Member, TaskValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from taskcontract.extract.static.evaluate import Evaluator
    from taskcontract.extract.static.gathered import MadeTask
    from taskcontract.extract.static.values import Value
    from taskcontract.model.place import Place

__all__ = ["find_calls", "find_definitions"]

SENDS = re.compile(
    rb"\.(?:(?:delay|apply_async)(?:_on_commit)?|s|si|signature|subtask|send_task|map|starmap|chunks)\b"
    rb"|\bsignature\(|beat_?schedule|task_routes|celery_routes|[\"']schedule[\"']|add_periodic_task|\.retry\("
    rb"|\bPeriodicTask\b",
    re.IGNORECASE,
)
"""What a file must have to send a task, schedule or route one."""
OTHER_SERIALIZER = re.compile(rb"task_serializer[\"'\]]*\s*[=:]\s*(?!\s*[\"']json[\"'])", re.IGNORECASE)
"""A setting by which messages are not, or perhaps not, JSON."""
OWN_SENDING = re.compile(rb"def (?:apply_async|delay)\(")
SENDING = ("apply_async", "delay", "s", "si", "signature", "subtask")


def find_calls(
    evaluator: Evaluator, texts: Mapping[str, bytes], made: Iterable[MadeTask]
) -> Iterator[CallSite]:
    """Yield the places in the files `texts` that send, schedule or route a task of a known name."""
    tasks: dict[ast.AST, str] = {}
    for each in made:
        node = node_of(each.made)
        if node is not None:
            tasks.setdefault(node, each.found.spec.name)
    knows_models = not any(map(OTHER_SERIALIZER.search, texts.values()))
    for path, text in texts.items():
        module = evaluator.index.open(path) if SENDS.search(text) else None
        if module is not None:
            for call in read_calls(module.tree, path, ScopeNames(evaluator, module.scope, tasks)):
                yield call if knows_models or not call.models else _without_models(call)


def _without_models(call: CallSite) -> CallSite:
    from dataclasses import replace

    return replace(call, models=())


def find_definitions(
    evaluator: Evaluator, texts: Mapping[str, bytes], made: Iterable[MadeTask]
) -> Iterator[Definition]:
    """Yield how each task is written."""
    own_base = any(map(NAMES_ONE.search, texts.values())) and any(map(OWN_SENDING.search, texts.values()))
    conditional: dict[str, set[ast.AST]] = {}
    for each in _keep_fullest(made):
        name, place = each.found.spec.name, each.found.place
        node = node_of(each.made)
        module = evaluator.index.open(place.file)
        if node is None or module is None:
            continue
        given = each.made.options
        base = given.items.get("base")
        own_sending = _sends_itself(evaluator, base) if base is not None else own_base
        if place.file not in conditional:
            conditional[place.file] = set(_list_conditional(module.tree.body))
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            target = _class_of(each.made)
            yield Definition(
                name,
                place,
                bind=None,
                own_sending=own_base or (target is not None and _sends_itself(evaluator, target)),
                is_conditional=node in conditional[place.file],
            )
            continue
        yield describe_definition(
            name,
            place,
            node,
            ScopeNames(evaluator, module.scope, {}),
            bind=_read_bind(given.items.get("bind"), whole=given.whole),
            options=tuple(sorted(given.items)),
            knows_options=base is None or _is_celerys(base),
            own_sending=own_sending,
            is_conditional=node in conditional[place.file],
        )


def _keep_fullest(made: Iterable[MadeTask]) -> Iterable[MadeTask]:
    """Return each task of a place once: of several readings of it the one with the most options."""
    kept: dict[tuple[str, Place], MadeTask] = {}
    for each in made:
        key = (each.found.spec.name, each.found.place)
        if key not in kept or len(kept[key].made.options.items) < len(each.made.options.items):
            kept[key] = each
    return kept.values()


def _read_bind(value: Value | None, *, whole: bool) -> bool | None:
    """Return whether a task is bound, or None where its options do not tell."""
    if value is None:
        return False if whole else None
    return bool(value.value) if isinstance(value, Constant) else None


def _class_of(made: TaskValue) -> Class | None:
    value: Value = made
    while isinstance(value, TaskValue):
        value = value.target
    of = getattr(value, "of", value)
    return of if isinstance(of, Class) else None


def _is_celerys(base: Value) -> bool:
    return isinstance(base, External) and base.package == "celery"


def _sends_itself(evaluator: Evaluator, base: Value) -> bool:
    """Whether tasks of the class `base` are, or may be, sent in a way of their own."""
    if not isinstance(base, Class):
        return not _is_celerys(base)
    if any(
        not isinstance(each, Class) and not _is_plain(evaluator, each) for each in bases_of(evaluator, base)
    ):
        return True
    return any(not isinstance(find_in_class(evaluator, base, name), External | NoneType) for name in SENDING)


def _is_plain(evaluator: Evaluator, base: Value) -> bool:
    """Whether a base outside the tree is Celery's task, or says nothing of sending."""
    if isinstance(base, Member):
        return base.name == "Task" and is_celery(evaluator, base.of) is True
    return isinstance(base, External) and base.package in ("celery", "builtins", "abc", "typing")


def _list_conditional(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """Yield the functions and classes that stand under an `if` or in a `try`."""
    for statement in body:
        if isinstance(statement, ast.If | ast.Try):
            for node in ast.walk(statement):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                    yield node
        elif isinstance(statement, ast.ClassDef):
            yield from _list_conditional(statement.body)
