"""The options of a task that its callers can notice: its own, its base classes', its app's settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskcontract.extract.noticed import FROM_SETTINGS, NOTICED
from taskcontract.extract.static.attributes import find_in_class
from taskcontract.extract.static.settings_routes import UNDECIDED, find_route
from taskcontract.extract.static.settings_said import UNSET
from taskcontract.extract.static.values import Class, Constant, External, Items, Mapped, Value
from taskcontract.model.canonical import dump_canonical
from taskcontract.model.equality import same_json
from taskcontract.model.expressions import expression_of, write_expression
from taskcontract.model.service import DEFAULT_QUEUE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.extract.static.settings import AppSettings
    from taskcontract.extract.static.settings_said import Said
    from taskcontract.extract.static.values import TaskValue
    from taskcontract.model.canonical import Json

__all__ = ["READ", "Delivery", "options_of"]

READ = frozenset({*NOTICED, "base", "bind", "name", "queue", "serializer"})
"""All that is read of what a task is made with."""

UNKNOWN_TEXT = "..."
"""What stands for an expression that was followed and came to nothing."""
LONGEST_TEXT = 80

USUAL: dict[str, Json] = {
    "acks_late": False, "acks_on_failure_or_timeout": True, "ignore_result": False,
    "reject_on_worker_lost": False,
}  # fmt: skip
"""What Celery's own defaults are where no setting says otherwise."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How calls of a task travel: its noticed options, its queue and its serializer.

    A queue or a serializer that only running the code tells stands among the options.
    """

    options: dict[str, Json]
    queue: str | None
    serializer: str


def options_of(evaluator: Evaluating, task: TaskValue, name: str, settings: AppSettings) -> Delivery:
    """Return what a worker and a sender of the task `name` would use."""
    given = dict(task.options.items)
    base = given.pop("base", None)
    for option in (*NOTICED, "queue", "serializer"):
        if option not in given and isinstance(base, Class):
            found = find_in_class(evaluator, base, option)
            if found is not None and not _is_celerys_own(found):
                given[option] = found
    own = {option: json_of(given[option]) for option in (*NOTICED, "queue", "serializer") if option in given}
    options = _merge([_with_settings(own, name, said) for said in settings.settings_for(task.app)])
    queue, serializer = options.pop("queue", None), options.pop("serializer", None)
    for option, value in (("queue", queue), ("serializer", serializer)):
        if expression_of(value) is not None:
            options[option] = value
    return Delivery(
        options,
        queue if isinstance(queue, str) and queue != DEFAULT_QUEUE else None,
        serializer if isinstance(serializer, str) else "json",
    )


def _with_settings(own: dict[str, Json], name: str, said: Mapping[str, Sequence[Said]]) -> dict[str, Json]:
    """Return the options of the task `name` under the settings of one app."""
    options = dict(own)
    for table in said.get("task_annotations", ()):
        options |= _annotated(table, name)
    for option, setting in FROM_SETTINGS.items():
        if options.get(option) is None:
            value = _decide([_spell(each) for each in said.get(setting, (UNSET,))])
            if value is not None and not same_json(value, USUAL.get(option)):
                options[option] = value
    if options.get("queue") is None:
        queue = _decide([_route(each, name, said) for each in said.get("task_routes", (UNSET,))])
        options.pop("queue", None)
        if queue is not None:
            options["queue"] = queue
    return options


def _route(routes: Said, name: str, said: Mapping[str, Sequence[Said]]) -> Json:
    found = find_route(routes.value, name)
    if found is UNDECIDED:
        return write_expression(_cut(routes.text))
    if found is not None:
        return found.value if isinstance(found, Constant) else None
    return _decide([_spell(each) for each in said.get("task_default_queue", (UNSET,))])


def _annotated(table: Said, name: str) -> dict[str, Json]:
    """Return what `task_annotations` set on the task: its own entry first, then that of every task."""
    tables = table.value.items if isinstance(table.value, Items) else (table.value,)
    options: dict[str, Json] = {}
    for key in (name, "*"):
        entries = [each.items[key] for each in tables if isinstance(each, Mapped) and key in each.items]
        if entries and isinstance(entries[0], Mapped):
            options |= {
                option: json_of(value) for option, value in entries[0].items.items() if option in READ
            }
    return options


def _spell(said: Said) -> Json:
    """Return the value of a setting, or its text where it is not known."""
    value = json_of(said.value)
    return write_expression(_cut(said.text)) if said.text and expression_of(value) is not None else value


def _decide(values: Sequence[Json]) -> Json:
    """Return what all `values` are, or an expression that names them."""
    if all(same_json(each, values[0]) for each in values):
        return values[0]
    return write_expression(
        _cut(" or ".join(sorted({expression_of(each) or _write(each) for each in values})))
    )


def _merge(made: Sequence[dict[str, Json]]) -> dict[str, Json]:
    """Return the options that a task has in every app that it may belong to."""
    names = dict.fromkeys(name for each in made for name in each)
    return {name: _decide([each.get(name) for each in made]) for name in names}


def _write(value: Json) -> str:
    return "not set" if value is None else dump_canonical(value).strip()


def _cut(text: str) -> str:
    return text if 0 < len(text) <= LONGEST_TEXT else UNKNOWN_TEXT


def _is_celerys_own(value: Value) -> bool:
    """Return whether nobody but Celery's own Task class says what an option is: it is not set then."""
    return isinstance(value, External) and value.path.startswith("celery.") and ".Task." in value.path


def json_of(value: Value) -> Json:
    """Return a value as JSON: a class by its name, what is not known as an expression."""
    match value:
        case Constant(value=inner) if inner is None or isinstance(inner, (str, int, float, bool)):
            return inner
        case Items(items=items):
            return [_name_of(each) for each in items]
        case _:
            return write_expression(_name_of(value) or UNKNOWN_TEXT)


def _name_of(value: Value) -> str:
    """Return the dotted name of a class, or of a value of another package; empty for other values."""
    match value:
        case Class():
            return f"{value.scope.module.name}.{value.node.name}"
        case External(path=path):
            return path.removeprefix("builtins.")
        case _:
            return ""
