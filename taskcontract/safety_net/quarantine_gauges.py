"""What is known of quarantines, as the metrics that workers and `taskcontract metrics` both show."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from taskcontract.safety_net.quarantine import Measured

__all__ = ["describe_quarantines"]


def describe_quarantines(known: Mapping[str, Measured | None]) -> list[Any]:
    """Return a gauge for the depth and one for the age of each quarantine, by its queue's name.

    What is not known has no sample, as any number would be wrong; a third gauge says so with 1.
    """
    from prometheus_client.core import GaugeMetricFamily

    messages = GaugeMetricFamily(
        "taskcontract_quarantine_messages", "Messages in quarantine.", labels=["queue"]
    )
    oldest = GaugeMetricFamily(
        "taskcontract_quarantine_oldest_seconds",
        "How long the first in line is in quarantine; 0 without one.",
        labels=["queue"],
    )
    unknown = GaugeMetricFamily(
        "taskcontract_quarantine_unknown",
        "1 where this figure of the quarantine cannot be told, and is left out.",
        labels=["queue", "figure"],
    )
    for name, measured in known.items():
        age = None if measured is None else _age_of(measured)
        unknown.add_metric([name, "messages"], measured is None)
        unknown.add_metric([name, "oldest_seconds"], age is None)
        if measured is not None:
            messages.add_metric([name], measured.depth)
        if age is not None:
            oldest.add_metric([name], age)
    return [messages, oldest, unknown]


def _age_of(measured: Measured) -> float | None:
    if measured.oldest is None:
        return None if measured.depth else 0
    return max(0.0, time.time() - measured.oldest)
