"""What a broker tells of queues, as numbers to watch: taken now and then, read by Prometheus at any time."""

from __future__ import annotations

from taskcontract.operations.metrics.exposition import LookCollector
from taskcontract.operations.metrics.looking import Watched, look_at
from taskcontract.operations.metrics.numbers import Numbers, VersionBound

__all__ = ["LookCollector", "Numbers", "VersionBound", "Watched", "look_at"]
