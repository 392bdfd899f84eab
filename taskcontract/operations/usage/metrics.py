"""The same counts for Prometheus, where `prometheus_client` is installed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from taskcontract.operations.usage.bounds import Bound

if TYPE_CHECKING:
    from taskcontract.operations.usage.use import UseKey

__all__ = ["METRIC", "count_metric"]

METRIC = "taskcontract_calls"
"""A counter with the labels service, task, version and consumer."""


BOUND = Bound()
"""For as long as the process lives: what is scraped grows with each label, and none goes."""


def count_metric(key: UseKey, declared: str) -> None:
    """Count one call in the default Prometheus registry; nothing where the library is absent.

    What is beyond the bound counts as a call of OTHER of the `declared` version.
    """
    counter = _counter()
    if counter is not None:
        counter.labels(*BOUND.admit(key, declared)[0]).inc()


@cache
def _counter() -> Any:
    try:
        from prometheus_client import Counter
    except ModuleNotFoundError:
        return None
    return Counter(
        METRIC, "Received calls by version and consumer.", ["service", "task", "version", "consumer"]
    )
