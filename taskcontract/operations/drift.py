"""Does the live cluster keep the contract? What each running worker serves, against the spec."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from taskcontract.brokers.workers import reach_workers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from celery import Celery

    from taskcontract.model.service import ServiceSpec

__all__ = ["COMMAND", "Drift", "Serving", "WorkerDrift", "ask_workers", "find_drift"]

COMMAND = "taskcontract_versions"
"""Celery's remote control command to which a worker answers with what `Serving.versions` has."""


@dataclass(frozen=True, slots=True)
class Serving:
    """What one worker says: the tasks that it has code for and the queues that it consumes.

    `versions` maps a wire name to the exact version, `""` where the worker says none. `workers` is how
    many answer to this name: the answers of several cannot be distinguished.
    """

    versions: dict[str, str]
    queues: frozenset[str]
    workers: int = 1


@dataclass(frozen=True, slots=True)
class WorkerDrift:
    """How one worker differs from the spec, as task ids.

    `missing` are tasks that may reach it and that it has no code for; `other` those that it serves in
    another version (`send_to_s3@1.0.0` -> `1.1.0`).
    """

    worker: str
    missing: tuple[str, ...]
    other: tuple[tuple[str, str], ...]

    @property
    def keeps_the_contract(self) -> bool:
        """Whether this worker serves all that may reach it as the spec says."""
        return not (self.missing or self.other)


@dataclass(frozen=True, slots=True)
class Drift:
    """How the running workers differ from the spec of a service.

    `workers` are those that consume a queue of the service, by name; `unconsumed` are the queues that
    none of them consumes; `namesakes` are names that several of them share, and how many; `silent` says
    that no worker answered at all.
    """

    workers: tuple[WorkerDrift, ...]
    unconsumed: tuple[str, ...]
    namesakes: tuple[tuple[str, int], ...]
    silent: bool

    @property
    def keeps_the_contract(self) -> bool:
        """Whether every call of the service reaches a worker, and each one that it may reach serves it."""
        return not (self.unconsumed or self.namesakes) and all(
            worker.keeps_the_contract for worker in self.workers
        )


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
        )
        for name, tasks in workers.registered
    }
    return dict(sorted(serving.items()))


def _versions(answer: Any) -> dict[str, str]:
    """Return a worker's answer to our own command; one of another release may say something else."""
    return answer if isinstance(answer, dict) and "error" not in answer else {}


def find_drift(spec: ServiceSpec, serving: Mapping[str, Serving], default_queue: str, today: date) -> Drift:
    """Return where `serving` (by worker) differs from what `spec` promises on the day `today`.

    A worker that consumes no queue of a task need not serve it, and none a version past its sunset.
    Tasks without a queue of their own are in `default_queue`.
    """
    due = [task for task in spec.tasks if task.sunset is None or date.fromisoformat(task.sunset) >= today]
    queues = {task.queue or default_queue for task in due}
    consuming = {name: said for name, said in sorted(serving.items()) if queues & said.queues}
    return Drift(
        workers=tuple(
            WorkerDrift(
                worker=worker,
                missing=tuple(
                    task.id if name == task.wire_name else f"{task.id} by its alias {name}"
                    for task in reaching_it
                    for name in task.wire_names
                    if name not in said.versions
                ),
                other=tuple(
                    (task.id, said.versions[task.wire_name])
                    for task in reaching_it
                    if said.versions.get(task.wire_name, "") not in ("", task.version)
                ),
            )
            for worker, said in consuming.items()
            if said.workers == 1
            and (reaching_it := [task for task in due if (task.queue or default_queue) in said.queues])
        ),
        unconsumed=tuple(sorted(queues.difference(*(said.queues for said in consuming.values())))),
        namesakes=tuple((name, said.workers) for name, said in consuming.items() if said.workers > 1),
        silent=not serving,
    )
