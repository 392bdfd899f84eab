"""Which versions each running worker serves: the question that is broadcast, and a worker's answer to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from taskcontract.brokers.workers import reach_workers
from taskcontract.declare.serving import find_providers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from celery import Celery

__all__ = ["COMMAND", "Serving", "answer_inspections", "ask_workers"]

COMMAND = "taskcontract_versions"
"""Celery's remote control command to which a worker answers with what `Serving.versions` has."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What one worker says: the tasks that it has code for and the queues that it consumes.

    `versions` maps a wire name to the exact version, `""` where the worker says none. `workers` is how
    many answer to this name: the answers of several cannot be distinguished. `ignoring` names the tasks
    whose results it drops.
    """

    versions: dict[str, str]
    queues: frozenset[str]
    workers: int = 1
    ignoring: frozenset[str] = frozenset()


def ask_workers(app: Celery, tasks: Iterable[str], timeout: float) -> dict[str, Serving]:
    """Return what each running worker serves, by its name; `timeout` is how many seconds they have to answer.

    A worker without our provider says its tasks' names alone. A BrokerError where one that has code for
    one of `tasks` (wire names) stops answering.
    """
    with reach_workers(app, timeout) as workers:
        needed = workers.knowing(tasks)
        consumed = workers.ask_queues(needed=needed)
        declared = dict(workers.ask(COMMAND, workers.ours, needed=needed & workers.ours))
    serving = {
        name: Serving(
            versions=dict.fromkeys(tasks, "") | _versions(declared.get(name)),
            queues=frozenset[str]().union(*(queues for each, queues in consumed if each == name)),
            workers=sum(each == name for each, _ in workers.registered),
            ignoring=frozenset(workers.ignoring.get(name, ())),
        )
        for name, tasks in workers.registered
    }
    return dict(sorted(serving.items()))


def _versions(answer: Any) -> dict[str, str]:
    """Return a worker's answer to our own command; one of another release may say something else."""
    return answer if isinstance(answer, dict) and "error" not in answer else {}


def answer_inspections() -> None:
    """Make this process's workers answer `COMMAND` with the versions that they serve."""
    from celery.worker.control import inspect_command

    inspect_command(name=COMMAND)(_answer_versions)


def _answer_versions(state: Any, **_: Any) -> dict[str, str]:
    """Return wire name -> exact version of each declared task that this worker serves."""
    return {
        name: task.version
        for provider in find_providers(state.app)
        for task in provider.service.tasks
        for name in task.wire_names
        if name in state.app.tasks
    }
