"""Who still calls which version: counted in the worker, kept in a small store."""

from __future__ import annotations

from taskcontract.operations.usage.choosing import store_for
from taskcontract.operations.usage.counter import UsageCounter
from taskcontract.operations.usage.judging import NameUsage, ServiceUsage, judge_usage
from taskcontract.operations.usage.store import MemoryStore, UsageStore
from taskcontract.operations.usage.use import Counted, Use, UseKey, merge

__all__ = [
    "Counted",
    "MemoryStore",
    "NameUsage",
    "ServiceUsage",
    "UsageCounter",
    "UsageStore",
    "Use",
    "UseKey",
    "judge_usage",
    "merge",
    "store_for",
]
