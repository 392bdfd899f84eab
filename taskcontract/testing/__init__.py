"""Helpers for a provider's own tests; they need Hypothesis: `pip install taskcontract[testing]`."""

from __future__ import annotations

from taskcontract.testing.soundness import check_adapters

__all__ = ["check_adapters"]
