"""Who still calls which version: counted in the worker, kept in a small store."""

from __future__ import annotations

from taskcontract.provider.usage.choosing import store_for
from taskcontract.provider.usage.counter import UsageCounter
from taskcontract.provider.usage.store import MemoryStore, UsageStore
from taskcontract.provider.usage.use import Counted, Use, UseKey, merge

__all__ = ["Counted", "MemoryStore", "UsageCounter", "UsageStore", "Use", "UseKey", "merge", "store_for"]
