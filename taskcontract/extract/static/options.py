"""The options of a task that its callers can notice, from its decorator and its base classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.noticed import NOTICED
from taskcontract.extract.static.attributes import find_in_class
from taskcontract.extract.static.values import Class, Constant, External, Items, TaskValue, Value
from taskcontract.model.expressions import write_expression

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.model.canonical import Json

__all__ = ["READ", "options_of", "text_of"]

READ = frozenset({*NOTICED, "base", "bind", "name", "queue", "serializer"})
"""All that is read of what a task is made with."""

UNKNOWN_TEXT = "..."
"""What stands for an expression that was followed and came to nothing."""


def options_of(evaluator: Evaluating, task: TaskValue) -> tuple[dict[str, Json], str | None, str]:
    """Return the noticed options, the queue and the serializer of a task.

    A queue that is an expression stands among the options.
    """
    given = dict(task.options.items)
    base = given.pop("base", None)
    for name in (*NOTICED, "queue", "serializer"):
        if name not in given and isinstance(base, Class):
            found = find_in_class(evaluator, base, name)
            if found is not None and not _is_celerys_own(found):
                given[name] = found
    options = {name: json_of(given[name]) for name in NOTICED if name in given}
    queue = given.get("queue", Constant(None))
    if queue != Constant(None) and text_of(queue) is None:
        options["queue"] = json_of(queue)
    return options, text_of(queue), text_of(given.get("serializer")) or "json"


def _is_celerys_own(value: Value) -> bool:
    """Return whether nobody but Celery's own Task class says what an option is: it is not set then."""
    return isinstance(value, External) and value.path.startswith("celery.") and ".Task." in value.path


def text_of(value: Value | None) -> str | None:
    """Return the text that a value is, or None."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


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
