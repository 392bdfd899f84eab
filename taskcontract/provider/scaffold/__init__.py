"""Skeletons of adapters, and of their tests, from what changed between two versions."""

from __future__ import annotations

from taskcontract.provider.scaffold.places import find_provider
from taskcontract.provider.scaffold.writing import write_adapters, write_test

__all__ = ["find_provider", "write_adapters", "write_test"]
