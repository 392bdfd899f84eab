"""What a live worker serves, and what an interaction asks for that it does not."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from difflib import get_close_matches
from textwrap import indent
from typing import TYPE_CHECKING, Any

from taskcontract.errors import DeclarationError
from taskcontract.model.service import DEFAULT_QUEUE
from taskcontract.model.version import parse_version
from taskcontract.verification.states.state_stub import write_stub

if TYPE_CHECKING:
    from collections.abc import Iterable

    from taskcontract.model.contract import Interaction

__all__ = [
    "Refusal",
    "StateCapability",
    "TaskCapability",
    "WorkerCapabilities",
    "capabilities_from_json",
    "find_refusal",
]


@dataclass(frozen=True, slots=True)
class TaskCapability:
    """A task by its name on the wire; `version` is None where no bindings declare one."""

    wire_name: str
    version: str | None = None
    ignores_result: bool = False


@dataclass(frozen=True, slots=True)
class StateCapability:
    """A provider state: where its function runs, and what it touches (None where that is unknown).

    `defaults` fills the places in the names of what it touches for which a contract gives no parameter.
    """

    name: str
    where: str = "worker"
    touches: tuple[str, ...] | None = None
    defaults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkerCapabilities:
    """What a worker serves; `services` are those whose bindings it knows, with their newest versions.

    Without `queues` nothing says which ones its workers consume: any message is taken to arrive. `holds` is
    how many calls may be sent to it before their turn, for which it waits.
    """

    tasks: tuple[TaskCapability, ...]
    states: tuple[StateCapability, ...] = ()
    queues: tuple[str, ...] = ()
    default_queue: str = DEFAULT_QUEUE
    services: tuple[str, ...] = ()
    versions: dict[str, str] = field(default_factory=dict)
    holds: int = 0

    def find_state(self, name: str) -> StateCapability | None:
        """Return the provider state with that name."""
        return next((state for state in self.states if state.name == name), None)

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
        states=tuple(
            StateCapability(
                **{**state, "touches": None if (names := state["touches"]) is None else tuple(names)}
            )
            for state in data["states"]
        ),
        queues=tuple(data["queues"]),
        default_queue=data["default_queue"],
        services=tuple(data["services"]),
        versions=data["versions"],
        holds=data["holds"],
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
    if task.version is not None and interaction.version and not _serves(task.version, interaction.version):
        return Refusal(
            f"the provider has {task.wire_name} at version {task.version}, the contract asks for "
            f"{interaction.version}",
            "A newer minor or patch version serves an older one; other versions need a task of their own.",
        )
    queue = interaction.queue or capabilities.default_queue
    if capabilities.queues and queue not in capabilities.queues:
        return Refusal(
            f"the consumer sends to the queue {queue!r}, which the worker does not consume",
            f"It consumes {_listed(capabilities.queues)}. Messages to other queues wait for ever.",
        )
    names = [state.name for state in capabilities.states]
    for state in interaction.states:
        if state.name not in names:
            nearest = next(iter(get_close_matches(state.name, names, 1)), None)
            return Refusal(
                f"the provider declares no state {state.name!r}"
                + (f"; the nearest that it declares is {nearest!r}" if nearest else ""),
                f"It declares {_listed(names)}. Add this one, in the module that `states` of "
                f"[tool.taskcontract] names:\n\n{indent(write_stub(state), '  ')}",
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
