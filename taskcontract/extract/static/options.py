"""The options of a task that its callers can notice, from its decorator and its base classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import find_in_class
from taskcontract.extract.static.values import Class, Constant, External, Function, Items, TaskValue, Value

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating
    from taskcontract.model.canonical import Json

__all__ = ["NOTICED", "READ", "options_of", "text_of"]

NOTICED = (
    "acks_late", "acks_on_failure_or_timeout", "autoretry_for", "default_retry_delay",
    "expires", "ignore_result", "max_retries", "priority", "rate_limit",
    "reject_on_worker_lost", "retry_backoff", "retry_backoff_max", "retry_jitter",
    "soft_time_limit", "time_limit", "typing",
)  # fmt: skip
"""Those that a rule of the diff compares."""

READ = frozenset({*NOTICED, "base", "bind", "name", "queue", "serializer"})
"""All that is read of what a task is made with."""


def options_of(evaluator: Evaluating, task: TaskValue) -> tuple[dict[str, Json], str | None, str]:
    """Return the noticed options that are known, the queue and the serializer of a task."""
    given = dict(task.options.items)
    base = given.pop("base", None)
    for name in (*NOTICED, "queue", "serializer"):
        if name not in given and isinstance(base, Class):
            found = find_in_class(evaluator, base, name)
            if found is not None:
                given[name] = found
    options: dict[str, Json] = {}
    for name in NOTICED:
        if name in given:
            known, value = json_of(given[name])
            if known:
                options[name] = value
    return options, text_of(given.get("queue")), text_of(given.get("serializer")) or "json"


def text_of(value: Value | None) -> str | None:
    """Return the text that a value is, or None."""
    return value.value if isinstance(value, Constant) and isinstance(value.value, str) else None


def json_of(value: Value) -> tuple[bool, Json]:
    """Return whether a value is known as JSON, and that; a class is named."""
    match value:
        case Constant(value=inner) if inner is None or isinstance(inner, (str, int, float, bool)):
            return True, inner
        case Items(items=items):
            parts = [json_of(each) for each in items]
            return all(known for known, _ in parts), [part for _, part in parts]
        case Class():
            return True, f"{value.scope.module.name}.{value.node.name}"
        case External(path=path):
            return True, path.removeprefix("builtins.")
        case Function() | _:
            return False, None
