"""What running workers say that they serve, and what an interaction asks for that one of them does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from taskcontract.brokers.workers import NoBroadcastError
from taskcontract.errors import BrokerError, VerificationError
from taskcontract.operations.served_versions import ask_workers
from taskcontract.urls import hide_password
from taskcontract.verification.states.worker_capabilities import (
    Refusal,
    TaskCapability,
    WorkerCapabilities,
    find_refusal,
)

if TYPE_CHECKING:
    from celery import Celery

    from taskcontract.model.contract import Interaction
    from taskcontract.operations.served_versions import Serving
    from taskcontract.verification.calls.caller import Servers

__all__ = ["RunningWorkers", "ask_running_workers"]

PATIENCE = (1.0, 4.0)
"""Seconds that workers have to answer; the second time for those that are busy or far."""

OURS = ("celery.", "taskcontract.")


@dataclass(frozen=True, slots=True)
class RunningWorkers:
    """The workers that answered, by name; `known` is what the app says, as far as it is known here."""

    serving: dict[str, Serving]
    known: WorkerCapabilities

    def queue_of(self, interaction: Interaction) -> str:
        """Return the queue that the consumer sends to."""
        return interaction.queue or self.known.default_queue

    def listening(self, queue: str) -> list[str]:
        """Return the names of the workers that consume `queue`."""
        return [name for name, said in self.serving.items() if queue in said.queues]

    def find_refusal(self, interaction: Interaction) -> Refusal | None:
        """Return why a message cannot be sent: no worker would get it, or one might that lacks it."""
        queue = self.queue_of(interaction)
        listening = self.listening(queue)
        if not listening:
            consumed = sorted({each for said in self.serving.values() for each in said.queues})
            return Refusal(
                f"no running worker consumes the queue {queue!r}",
                f"Consumed are {', '.join(map(repr, consumed)) or 'none'}, by {', '.join(self.serving)}. "
                f"Start one with `celery -A ... worker -Q {queue}`; nothing was sent.",
            )
        for name in listening:
            refusal = find_refusal(self._capabilities_of(name), interaction)
            if refusal is not None:
                return Refusal(f"on {name}: {refusal.what}", refusal.do)
        return None

    def keeps_no_result(self, interaction: Interaction) -> bool:
        """Return whether one of the workers that might run it ignores the task's results."""
        listening = self.listening(self.queue_of(interaction))
        return any(interaction.wire_name in self.serving[name].ignoring for name in listening)

    def describe(self) -> list[str]:
        """Return a line for each worker: its queues, and the versions that it says it serves."""
        lines = []
        for name, said in self.serving.items():
            tasks = [f"{task} {version}" for task, version in sorted(said.versions.items()) if version]
            others = sum(not version and not task.startswith(OURS) for task, version in said.versions.items())
            if others:
                tasks.append(
                    f"{others} tasks without a version" if others > 1 else "1 task without a version"
                )
            namesakes = f" ({said.workers} workers of this name)" if said.workers > 1 else ""
            lines.append(
                f"{name}{namesakes} consumes {', '.join(sorted(said.queues)) or 'no queue'}: "
                f"{', '.join(tasks) or 'no tasks'}"
            )
        return lines

    def as_one(self) -> WorkerCapabilities:
        """Return what all of them together serve."""
        versions = {task: said.versions[task] for said in self.serving.values() for task in said.versions}
        return self._capabilities(versions, frozenset())

    def _capabilities_of(self, name: str) -> WorkerCapabilities:
        said = self.serving[name]
        return self._capabilities(said.versions, said.ignoring)

    def _capabilities(self, versions: dict[str, str], ignoring: frozenset[str]) -> WorkerCapabilities:
        return replace(
            self.known,
            tasks=tuple(
                TaskCapability(task, version or None, task in ignoring)
                for task, version in sorted(versions.items())
                if not task.startswith(OURS)
            ),
            queues=(),
        )


def ask_running_workers(app: Celery, servers: Servers) -> dict[str, Serving]:
    """Return what each worker of the broker says; a VerificationError where none answers."""
    for seconds in PATIENCE:
        try:
            serving = ask_workers(app, (), seconds)
        except NoBroadcastError:
            raise
        except BrokerError as error:
            raise BrokerError(error.what, error.where, servers.advice) from None
        if serving:
            return serving
    raise VerificationError(
        "no running worker answers: there is nothing to replay on",
        where=hide_password(servers.broker),
        do="Start one, or let it be asked: worker_enable_remote_control must not be off, and "
        "control_exchange must be the same here. Without --taskcontract-live, a worker is started.",
    )
