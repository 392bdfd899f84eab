"""The numbers of the last look, as `prometheus_client` collects them."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from taskcontract.operations.metrics.numbers import InFlightKey
from taskcontract.safety_net.quarantine_gauges import describe_quarantines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from taskcontract.declare.task import Task
    from taskcontract.operations.metrics.numbers import Numbers

__all__ = ["LookCollector"]


class LookCollector:
    """Shows what the last look found; a scrape asks no broker."""

    def __init__(self, tasks: Sequence[Task[..., Any]]) -> None:
        self._tasks = tasks
        self._numbers: Numbers | None = None
        self._looked_at: float | None = None

    def show(self, numbers: Numbers) -> None:
        """Show these from now on."""
        self._numbers = numbers
        if not numbers.is_blind:
            self._looked_at = time.time()

    def describe(self) -> Iterable[Any]:
        """Return the metrics without samples."""
        return self._collect(None)

    def collect(self) -> Iterable[Any]:
        """Return the metrics of the last look."""
        return self._collect(self._numbers)

    def _collect(self, numbers: Numbers | None) -> list[Any]:
        from prometheus_client.core import GaugeMetricFamily

        depth = GaugeMetricFamily(
            "taskcontract_queue_messages",
            "Messages that wait in a queue, whatever they are.",
            labels=["queue"],
        )
        in_flight = GaugeMetricFamily(
            "taskcontract_in_flight_messages",
            "Messages in flight, by the version that their callers have.",
            labels=InFlightKey._fields,
        )
        unknown = GaugeMetricFamily(
            "taskcontract_in_flight_unknown",
            "1 where not all that waits in this queue is in taskcontract_in_flight_messages.",
            labels=["queue"],
        )
        looked = GaugeMetricFamily(
            "taskcontract_look_timestamp_seconds", "When the broker last told these numbers."
        )
        if numbers is not None:
            for queue, count in sorted(numbers.depths.items()):
                depth.add_metric([queue], count)
            for key, count in sorted(numbers.in_flight.items()):
                in_flight.add_metric(key, count)
            for queue, is_unknown in sorted(numbers.unknown.items()):
                unknown.add_metric([queue], is_unknown)
        if self._looked_at is not None:
            looked.add_metric([], self._looked_at)
        quarantines = describe_quarantines(numbers.quarantines if numbers is not None else {})
        return [*quarantines, depth, in_flight, unknown, self._describe_sunsets(), looked]

    def _describe_sunsets(self) -> Any:
        from prometheus_client.core import GaugeMetricFamily

        sunsets = GaugeMetricFamily(
            "taskcontract_sunset_timestamp_seconds",
            "When a declared version is refused from.",
            labels=["service", "task", "version"],
        )
        for task in self._tasks:
            if task.sunset is not None:
                for name in task.wire_names:
                    sunsets.add_metric([task.service.name, name, task.version], _end_of(task.sunset))
        return sunsets


def _end_of(day: str) -> float:
    """When the day is over, by this machine's clock, as it is for a worker: it is served until then."""
    morning = date.fromisoformat(day) + timedelta(days=1)
    return datetime(morning.year, morning.month, morning.day).astimezone().timestamp()
