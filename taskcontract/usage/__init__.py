"""Who calls which version, with calls of which shape: counted in the worker, kept in a small store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lazy_names import find_lazily
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

if TYPE_CHECKING:
    from taskcontract.usage.choosing import store_at, store_for
else:
    # What is counted can be shown without Celery, which the stores of an app need.
    __getattr__, __dir__ = find_lazily(
        __name__,
        {"store_at": "taskcontract.usage.choosing", "store_for": "taskcontract.usage.choosing"},
    )
