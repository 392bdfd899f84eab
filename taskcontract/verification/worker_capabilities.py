"""What a live worker serves, and what an interaction asks for that it does not."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from taskcontract.errors import DeclarationError
from taskcontract.model.service import DEFAULT_QUEUE
from taskcontract.model.version import parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.contract import Interaction

__all__ = ["Refusal", "TaskCapability", "WorkerCapabilities", "capabilities_from_json", "find_refusal"]


@dataclass(frozen=True, slots=True)
class TaskCapability:
    """A task by its name on the wire; `version` is None where no bindings declare one."""

    wire_name: str
    version: str | None = None
    ignores_result: bool = False


@dataclass(frozen=True, slots=True)
class WorkerCapabilities:
    """What a worker serves; `services` are those whose bindings it knows.

    Without `queues` nothing says which ones its workers consume: any message is taken to arrive.
    """

    tasks: tuple[TaskCapability, ...]
    states: tuple[str, ...] = ()
    queues: tuple[str, ...] = ()
    default_queue: str = DEFAULT_QUEUE
    services: tuple[str, ...] = ()

    def find(self, wire_name: str) -> TaskCapability | None:
        """Return the task with that name."""
        return next((task for task in self.tasks if task.wire_name == wire_name), None)

    def find_queue(self, interaction: Interaction) -> str:
        """Return the queue that the consumer sends to if this worker consumes it, else the default one."""
        return interaction.queue if interaction.queue in self.queues else self.default_queue

    def to_json(self) -> dict[str, Any]:
        """Return this capabilities as JSON data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an interaction cannot be replayed at all, and what to do."""

    what: str
    do: str


def capabilities_from_json(data: dict[str, Any]) -> WorkerCapabilities:
    """Return the capabilities that `WorkerCapabilities.to_json` wrote."""
    return WorkerCapabilities(
        tasks=tuple(TaskCapability(**task) for task in data["tasks"]),
        states=tuple(data["states"]),
        queues=tuple(data["queues"]),
        default_queue=data["default_queue"],
        services=tuple(data["services"]),
    )


def find_refusal(capabilities: WorkerCapabilities, interaction: Interaction) -> Refusal | None:
    """Return what `interaction` needs and the worker lacks: a task, a version, a queue or a state."""
    task = capabilities.find(interaction.wire_name)
    if task is None:
        names = [task.wire_name for task in capabilities.tasks]
        nearest = next(iter(get_close_matches(interaction.wire_name, names, 1)), None)
        return Refusal(
            f"the provider has no task {interaction.wire_name!r}"
            + (f"; the nearest that it declares is {nearest!r}" if nearest else ""),
            f"It has {_listed(names)}. Restore the task, or ask the consumer to record its contract again.",
        )
    if task.version is not None and not _serves(task.version, interaction.version):
        return Refusal(
            f"the provider has {task.wire_name} at version {task.version}, the contract asks for "
            f"{interaction.version or 'none'}",
            "A newer minor or patch version serves an older one; other versions need a task of their own.",
        )
    queue = interaction.queue or capabilities.default_queue
    if capabilities.queues and queue not in capabilities.queues:
        return Refusal(
            f"the consumer sends to the queue {queue!r}, which the worker does not consume",
            f"It consumes {_listed(capabilities.queues)}. Messages to other queues wait for ever.",
        )
    for state in interaction.states:
        if state.name not in capabilities.states:
            return Refusal(
                f"the provider declares no state {state.name!r}",
                f"It declares {_listed(capabilities.states)}. Add @provider.state({state.name!r}), "
                "in the module that `states` of [tool.taskcontract] names.",
            )
    return None


def _serves(offered: str, asked: str) -> bool:
    try:
        have, want = parse_version(offered), parse_version(asked)
    except DeclarationError:
        return False
    return have.major == want.major and have >= want


def _listed(names: Iterable[str]) -> str:
    return ", ".join(map(repr, sorted(names))) or "none"
