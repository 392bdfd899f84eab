"""The tasks that the running workers of a broker serve, as a project: asked of the workers themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from taskcontract.brokers.workers import reach_workers
from taskcontract.errors import BrokerError, TaskContractError
from taskcontract.extract.app import describe_app
from taskcontract.extract.found import FoundProject, Unresolved, make_unknown, say_unknown
from taskcontract.model.place import Place
from taskcontract.model.service import ServiceSpec
from taskcontract.model.spec_file import dump_spec, read_spec

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.brokers.workers import Workers
    from taskcontract.model.service import TaskSpec

__all__ = ["API_COMMAND", "answer_api", "read_live"]

API_COMMAND = "taskcontract_api"
"""Celery's remote control command to which a worker answers with the spec of its tasks, and their places."""

OF_CELERY = "celery."


def read_live(app: Celery, origin: str, timeout: float) -> FoundProject:
    """Return what the workers behind the broker of `app` serve; they have `timeout` seconds to answer.

    It is done sooner where the broker says who listens, and all of them have answered.
    A worker with a provider says its tasks' signatures, and where they stand; any other one the names alone.
    Where two workers say different things of one task, that is listed. A BrokerError where the broker is away
    or no worker answers.
    """
    with reach_workers(app, timeout, listening_alone=True) as workers:
        if not workers.registered:
            raise BrokerError(
                f"no worker answered within {timeout:g} seconds", origin, "Start one, or name another broker."
            )
        answers = workers.ask(API_COMMAND, workers.ours)
    return _combine(workers, answers, origin)


def _combine(workers: Workers, answers: list[tuple[str, Any]], origin: str) -> FoundProject:
    told: dict[str, TaskSpec] = {}
    places: dict[str, Place] = {}
    unresolved: list[Unresolved] = []
    told_by: dict[str, str] = {}
    for worker, answer in sorted(answers, key=lambda pair: pair[0]):
        spec, where = _read(answer, worker)
        if spec is None:
            unresolved.append(Unresolved(Place(worker, 1), "another release of taskcontract: names alone"))
            continue
        places = where | places
        for task in spec.tasks:
            if told.setdefault(task.wire_name, task) != task:
                what = f"it serves {task.wire_name} otherwise than {told_by[task.wire_name]}"
                unresolved.append(Unresolved(Place(worker, 1), what))
            told_by.setdefault(task.wire_name, worker)
    aliases = {name for task in told.values() for name in task.aliases}
    unknown: dict[str, str] = {}
    for worker, names in sorted(workers.registered, key=lambda pair: pair[0]):
        for name in sorted(names - told.keys() - aliases):
            if not name.startswith(OF_CELERY):
                unknown.setdefault(name, worker)
    ignoring = frozenset().union(*workers.ignoring.values())
    for name in unknown:
        told[name] = make_unknown(name, options={"ignore_result": True} if name in ignoring else {})
    unresolved += [say_unknown(name, Place(worker, 1)) for name, worker in sorted(unknown.items())]
    tasks = tuple(sorted(told.values(), key=lambda each: (each.name, each.version)))
    spec = ServiceSpec(name="workers", version="", tasks=tasks)
    return FoundProject(spec, places, tuple(unresolved), unknown=frozenset(unknown))


def _read(answer: Any, worker: str) -> tuple[ServiceSpec | None, dict[str, Place]]:
    """Return what a worker's answer says; None where it is not understood, such as one of another release."""
    try:
        spec = read_spec(json.loads(answer["spec"]), file=worker)
        return spec, {
            str(name): Place(str(file), int(line)) for name, (file, line) in answer["places"].items()
        }
    except (TaskContractError, ValueError, TypeError, KeyError, AttributeError):
        return None, {}


def answer_api() -> None:
    """Make this process's workers answer `API_COMMAND`."""
    from celery.worker.control import inspect_command

    inspect_command(name=API_COMMAND)(_answer_api)


def _answer_api(state: Any, **_: Any) -> dict[str, Any]:
    """Return the spec file of all that this worker serves, and task -> file and line."""
    found = describe_app(state.app, "worker", dict(state.app.tasks))
    known = tuple(task for task in found.spec.tasks if task.name not in found.unknown)
    spec = ServiceSpec(found.spec.name, "", tuple(sorted(known, key=lambda each: (each.name, each.version))))
    return {"spec": dump_spec(spec), "places": {name: list(place) for name, place in found.places.items()}}
