"""What a worker does for the providers of its app: their promises are checked first, their calls counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import bootsteps, signals

from taskcontract.declare.serving import find_providers

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["install_step"]


def install_step(app: Celery) -> None:
    """Give each worker of `app` the step."""
    steps: Any = app.steps
    steps["worker"].add(ProviderStep)


class ProviderStep(bootsteps.StartStopStep):
    """Between the making of the pool, whose processes must not inherit a thread of ours, and the consumer."""

    label = "taskcontract.provider"
    requires = ("celery.worker.components:Pool",)

    def start(self, parent: Any) -> None:
        """Note since when calls are counted."""
        for provider in _providers_of(parent):
            provider.usage.start()

    def stop(self, parent: Any) -> None:
        """Write what is counted and not yet written."""
        for provider in _providers_of(parent):
            provider.usage.stop()

    def terminate(self, parent: Any) -> None:
        """Do the same where the worker does not wait for its tasks."""
        self.stop(parent)


@signals.worker_init.connect
def _refuse_to_start(sender: Any = None, **_: object) -> None:
    """End the process with exit code 2 where a promise of the bindings is broken.

    Before any step of the worker is made: its log is not set up yet, so that what is printed is seen.
    """
    for provider in _providers_of(sender):
        provider.refuse_to_start(sender)


def _providers_of(worker: Any) -> tuple[Any, ...]:
    app = getattr(worker, "app", None)
    return () if app is None else find_providers(app)
