"""Does the live cluster keep the contract? What each running worker serves, against the spec."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from celery.worker.control import inspect_command

from taskcontract.provider.reaching import reaching

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.model.service import ServiceSpec

__all__ = ["Drift", "answer_inspections", "ask_versions", "find_drift"]

COMMAND = "taskcontract_versions"


@dataclass(frozen=True, slots=True)
class Drift:
    """How one worker differs from the spec, as task ids and wire names.

    `missing` are tasks that it has no code for; `other` those that it serves in another version
    (`send_to_s3@1.0.0` -> `1.1.0`).
    """

    worker: str
    missing: tuple[str, ...]
    other: tuple[tuple[str, str], ...]

    @property
    def keeps_the_contract(self) -> bool:
        """Whether this worker serves all of the spec as it stands."""
        return not (self.missing or self.other)


def answer_inspections() -> None:
    """Make this process's workers tell the versions that they serve when `ask_versions` asks."""
    inspect_command(name=COMMAND)(_answer_versions)


def _answer_versions(state: Any, **_: Any) -> dict[str, str]:
    """Wire name -> exact version of each declared task that this worker serves."""
    from taskcontract.provider.provider import providers_of

    return {
        task.wire_name: task.version
        for provider in providers_of(state.app)
        for task in provider.service.tasks
        if task.wire_name in state.app.tasks
    }


def ask_versions(app: Celery, timeout: float) -> dict[str, dict[str, str]]:
    """What each running worker serves: worker -> wire name -> version, `""` where it says none.

    A worker without our provider says its tasks' names alone.
    """
    with reaching(app, "the workers") as connection:
        inspect: Any = app.control.inspect(timeout=timeout, connection=connection)
        registered = inspect.registered() or {}
        declared = inspect._request(COMMAND) or {}
    served = {
        worker: dict.fromkeys((name.split(" ")[0] for name in names), "")
        for worker, names in registered.items()
    }
    for worker, versions in declared.items():
        if isinstance(versions, dict) and "error" not in versions:
            served.setdefault(worker, {}).update(versions)
    return served


def find_drift(spec: ServiceSpec, served: dict[str, dict[str, str]]) -> list[Drift]:
    """The drift of each worker, by name."""
    return [
        Drift(
            worker=worker,
            missing=tuple(task.id for task in spec.tasks if task.wire_name not in names),
            other=tuple(
                (task.id, names[task.wire_name])
                for task in spec.tasks
                if names.get(task.wire_name) and names[task.wire_name] != task.version
            ),
        )
        for worker, names in sorted(served.items())
    ]
