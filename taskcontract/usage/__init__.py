"""Who calls which version, with calls of which shape: counted in the worker, kept in a small store."""

from __future__ import annotations

from taskcontract.usage.choosing import store_at, store_for
from taskcontract.usage.counter import UsageCounter
from taskcontract.usage.judging import NameUsage, ServiceUsage, judge_observed, judge_usage
from taskcontract.usage.store import MemoryStore, UsageStore
from taskcontract.usage.use import Counted, ShapeUse, Use, UseKey, merge

__all__ = [
    "Counted",
    "MemoryStore",
    "NameUsage",
    "ServiceUsage",
    "ShapeUse",
    "UsageCounter",
    "UsageStore",
    "Use",
    "UseKey",
    "judge_observed",
    "judge_usage",
    "merge",
    "store_at",
    "store_for",
]
