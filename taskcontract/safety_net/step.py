"""Putting the net below whatever consumer a worker has, at the last moment, and seeing that it is there.

The setting `worker_consumer` is the project's own: it may be set before us, after us, by a signal, or not
at all. What the worker will really make is known when its steps are made, of which its consumer is the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import bootsteps

from taskcontract.declare.at_start import say_at_start
from taskcontract.errors import ConfigError
from taskcontract.safety_net.metrics_step import MetricsStep
from taskcontract.safety_net.quarantine import read_limit

if TYPE_CHECKING:
    from celery import Celery

__all__ = ["install_step"]

ADVICE = "Name the class with app.conf.worker_consumer: the net goes below it."


def install_step(app: Celery) -> None:
    """Give each worker of `app` the net, and let it serve metrics where it is told to."""
    steps: Any = app.steps
    steps["worker"] |= {SafetyNetStep, MetricsStep}


class SafetyNetStep(bootsteps.StartStopStep):
    """Mixes the net into the consumer's class before it is made; a worker without it does not start."""

    label = "taskcontract.safety_net"

    def create(self, parent: Any) -> None:
        """Replace the class that the worker is to make its consumer of; see that its options are some."""
        from taskcontract.celery_compat.consumer_class import replace_consumer_class
        from taskcontract.safety_net.consumer import find_consumer

        try:
            replace_consumer_class(parent, find_consumer)
        except TypeError as error:
            theirs = getattr(parent, "consumer_cls", None)
            what = f"the safety net cannot go below the worker_consumer {theirs!r}: {error}"
            _refuse(what, parent)
        try:
            read_limit(parent.app.conf)
        except ConfigError as error:
            say_at_start(str(error), parent)
            raise SystemExit(2) from None

    def start(self, parent: Any) -> None:
        """See that the consumer, which starts last, is the one that was made so."""
        from taskcontract.safety_net.consumer import SafetyNet

        if not isinstance(parent.consumer, SafetyNet):
            name = f"{type(parent.consumer).__module__}.{type(parent.consumer).__qualname__}"
            _refuse(f"the consumer of this worker, {name}, has no safety net: something replaced it", parent)


def _refuse(what: str, worker: Any) -> None:
    say_at_start(f"{what}; what this worker cannot serve would be lost\n  {ADVICE}", worker)
    raise SystemExit(2)
