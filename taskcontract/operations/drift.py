"""Compares what the running workers serve with the spec of a service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.model.service import ServiceSpec
    from taskcontract.operations.served_versions import Serving

__all__ = ["Drift", "WorkerDrift", "find_drift"]


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
