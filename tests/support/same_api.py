"""Two readings of one project: what is read from its source has to equal what importing it gives."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from taskcontract.extract.found import FoundProject
    from taskcontract.model.canonical import Json
    from taskcontract.model.service import TaskSpec

__all__ = ["assert_same_api"]

CELERYS = {
    "acks_late": False, "acks_on_failure_or_timeout": True, "autoretry_for": [], "default_retry_delay": 180,
    "ignore_result": False, "max_retries": 3, "reject_on_worker_lost": False, "retry_backoff": False,
    "retry_backoff_max": 600, "retry_jitter": True, "typing": True,
}  # fmt: skip
"""What an option means that is not given: a reading may list it or not."""


def assert_same_api(
    static: FoundProject, imported: FoundProject, *, schemas: bool = False, queues: bool = True
) -> None:
    """Fail where the two differ in a task, its signature, its options, its queue or its place.

    Tasks that `imported` has from elsewhere, such as another package, have no place among the files of
    `static` and are left out. `schemas` compares types too, `queues` where calls are sent.
    """
    files = {place.file for place in static.places.values()}
    theirs = {
        task.name: task for task in imported.spec.tasks if imported.places.get(task.name, ("",))[0] in files
    }
    ours = {task.name: task for task in static.spec.tasks}
    assert sorted(ours) == sorted(theirs)
    for name, task in ours.items():
        assert _plain(task, schemas, queues) == _plain(theirs[name], schemas, queues)
        assert static.places[name] == imported.places[name]


def _plain(task: TaskSpec, schemas: bool, queues: bool) -> TaskSpec:
    options: dict[str, Json] = {
        name: value
        for name, value in task.options.items()
        if value is not None and value != CELERYS.get(name)
    }
    task = replace(task, options=options, queue=task.queue if queues else None)
    if schemas:
        return task
    parameters = tuple(replace(each, schema=True) for each in task.parameters)
    return replace(task, parameters=parameters, result=True, enforced=False)
