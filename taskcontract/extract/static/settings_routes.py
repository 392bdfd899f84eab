"""Where `task_routes` send a task, as Celery's own router reads them."""

from __future__ import annotations

import fnmatch
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from taskcontract.extract.static.values import Constant, External, Instance, Items, Mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from taskcontract.extract.static.values import Value

__all__ = ["UNDECIDED", "find_route"]

Matches: TypeAlias = "Callable[[str], bool]"

UNDECIDED = object()
"""What is found where a router of the project's own decides."""


def find_route(routes: Value, name: str) -> Value | object | None:
    """Return the queue that `routes` name for the task `name`: None if no route is for it, or UNDECIDED.

    A route that is for it and names no queue is `Constant(None)`: not even the default queue is its.
    """
    for table in routes.items if isinstance(routes, Items) else (routes,):
        if table == Constant(None):
            continue
        if isinstance(table, Mapped):
            found = _look_up(((Constant(key), value) for key, value in table.items.items()), name)
            if found is None and not table.whole:
                return UNDECIDED
        elif isinstance(table, Items):
            pairs = [each.items for each in table.items if isinstance(each, Items)]
            if len(pairs) < len(table.items) or any(len(pair) != 2 for pair in pairs):
                return UNDECIDED
            found = _look_up(((pair[0], pair[1]) for pair in pairs), name)
        else:
            return UNDECIDED
        if found is not None:
            return _queue_of(found)
    return None


def _look_up(pairs: Iterable[tuple[Value, Value]], name: str) -> Value | object | None:
    """Return the route of a table: names come before patterns, wherever they stand."""
    patterns: dict[str, tuple[Matches | None, Value]] = {}
    exact: Value | None = None
    for key, route in pairs:
        match key:
            case Constant(value=str() as text) if "*" not in text:
                exact = route if text == name else exact
            case Constant(value=str() as text):
                patterns[text] = (partial(fnmatch.fnmatchcase, pat=text), route)
            case Instance(of=External(path="re.compile"), passed=passed):
                patterns[f"re {len(patterns)}"] = (_compile(passed.positional), route)
            case _:
                patterns[f"? {len(patterns)}"] = (None, route)
    if exact is not None:
        return exact
    for pattern, route in patterns.values():
        if pattern is None:
            return UNDECIDED
        if pattern(name):
            return route
    return None


def _compile(given: tuple[Value, ...]) -> Matches | None:
    match given:
        case (Constant(value=str() as text),):
            return _as_pattern(text)
        case _:
            return None


def _as_pattern(text: str) -> Matches | None:
    """Return the pattern that a project wrote, in an engine that no pattern makes slow."""
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        found = SchemaValidator(core_schema.str_schema(pattern=f"^(?:{text})"))
    except SchemaError:
        return None
    return found.isinstance_python


def _queue_of(route: Value | object) -> Value | object | None:
    match route:
        case Mapped(items=items, whole=whole):
            if "queue" in items:
                return _name_of(items["queue"])
            if not whole:
                return UNDECIDED
            return Constant(None) if items else None
        case Constant() | Instance():
            return _name_of(route)
        case _:
            return UNDECIDED


def _name_of(queue: Value) -> Value | object:
    match queue:
        case Constant(value=str() | None):
            return queue
        case Instance(of=External(path=path), passed=passed) if path.startswith("kombu."):
            first = passed.positional[0] if passed.positional else passed.keywords.get("name")
            return first if isinstance(first, Constant) else UNDECIDED
        case _:
            return UNDECIDED
