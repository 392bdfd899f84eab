"""What Celery's own names mean, and whose `task` is not Celery's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.extract.static.attributes import bases_of
from taskcontract.extract.static.values import (
    Class,
    Constant,
    External,
    Function,
    Instance,
    Items,
    Mapped,
    Member,
    TaskMaker,
    Value,
)

if TYPE_CHECKING:
    from taskcontract.extract.static.evaluating import Evaluating

__all__ = [
    "OTHERS",
    "TASK_MAKERS",
    "WRAPPERS",
    "is_celery",
    "is_maker",
    "is_register",
    "is_task_class",
    "may_make",
    "registers_itself",
]

TASK_MAKERS = frozenset(
    {
        "celery.shared_task", "celery.app.shared_task", "celery.app.base.shared_task",
        "celery.task", "celery.task.task", "celery.task.base.task", "celery.task.periodic_task",
        "celery.task.base.periodic_task", "celery.decorators.task",
        "celery.decorators.periodic_task", "celery.Celery.task", "celery.app.base.Celery.task",
    }
)  # fmt: skip

OLD_BASES = frozenset(
    {"celery.task.Task", "celery.task.base.Task", "celery.task.PeriodicTask", "celery.task.base.PeriodicTask"}
)

WRAPPERS = frozenset({"functools.wraps", "django.utils.functional.wraps", "six.wraps"})

OTHERS = frozenset(
    {
        "absurd", "airflow", "anyio", "asyncio", "builtins", "crewai", "discord", "django_tasks",
        "doit", "dramatiq", "fabric", "flytekit", "hatchet_sdk", "huey", "inspect_ai", "invoke",
        "kfp", "langgraph", "locust", "luigi", "metaflow", "newrelic", "prefect", "procrastinate",
        "pytest", "robocorp", "rocketry", "rq", "snowflake", "taskcontract", "taskiq", "twisted",
        "unittest",
    }
)  # fmt: skip
"""Packages with a `task` of another kind."""


def is_celery(evaluator: Evaluating, value: Value) -> bool | None:
    """Return whether `value` is a Celery app; None where that cannot be known."""
    match value:
        case External(path=path):
            if path.partition(".")[0] == "celery":
                return True
            return False if path.partition(".")[0] in OTHERS or path.startswith("django.tasks") else None
        case Instance(of=Class() as of):
            outside = [base for base in bases_of(evaluator, of) if not isinstance(base, Class)]
            said = {is_celery(evaluator, base) for base in outside if base != External("builtins.object")}
            if True in said:
                return True
            return None if None in said else False
        case Instance(of=of):
            return is_celery(evaluator, of)
        case Member(of=of):
            return is_celery(evaluator, of)
        case Constant() | Items() | Mapped() | Function() | TaskMaker():
            return False
        case _:
            return None


def is_register(evaluator: Evaluating, value: Value, target: Value) -> bool:
    """Return whether calling `value` registers the task `target`: `<app>.register_task`."""
    match value:
        case External(path=path) if path.endswith((".register_task", ".tasks.register")):
            said = is_celery(evaluator, value)
        case Member(of=of, name="register_task") | Member(of=Member(of=of, name="tasks"), name="register"):
            said = is_celery(evaluator, of)
        case _:
            return False
    return said is True or (said is None and _may_be_task(evaluator, target))


def _may_be_task(evaluator: Evaluating, value: Value) -> bool:
    """Return whether `value` can be a task: a class can that has a base of Celery's, or one that says so."""
    of = value.of if isinstance(value, Instance) else value
    if not isinstance(of, Class) or is_task_class(evaluator, of):
        return True
    outside = [base for base in bases_of(evaluator, of) if not isinstance(base, Class)]
    return any(not isinstance(base, External) or "Task" in base.path for base in outside)


def is_maker(evaluator: Evaluating, value: Value) -> bool:
    """Return whether calling `value` makes a task, or what makes one: `shared_task`, `<an app>.task`."""
    match value:
        case External(path=path, member=member):
            if path in TASK_MAKERS:
                return True
            return member and path.endswith(".task") and is_celery(evaluator, value) is not False
        case Member(of=of, name="task" | "periodic_task"):
            return is_celery(evaluator, of) is not False
        case _:
            return False


def may_make(value: External) -> bool:
    """Return whether another package's function has the name of one of Celery's, and may be that."""
    name = value.path.rpartition(".")[2]
    others = value.package in OTHERS or value.path.startswith("django.tasks")
    return "." in value.path and name in {"task", "shared_task", "periodic_task"} and not others


def is_task_class(evaluator: Evaluating, value: Class) -> bool:
    """Return whether the instances of a class are Celery tasks."""
    return any(
        (isinstance(base, External) and base.path.startswith("celery.") and base.path.endswith("Task"))
        or (isinstance(base, Member) and base.name == "Task")
        for base in bases_of(evaluator, value)
    )


def registers_itself(evaluator: Evaluating, value: Class) -> bool:
    """Return whether a class is a task as soon as it is defined, as those of Celery before 5 could be."""
    if any(isinstance(base, External) and base.path in OLD_BASES for base in bases_of(evaluator, value)):
        abstract = value.body.names.get("abstract")
        return not abstract
    return False
