"""Helpers for tests of senders and providers; they need Hypothesis: `pip install taskcontract[testing]`."""

from __future__ import annotations

from taskcontract.testing.given import GivenTask, calls, given_task
from taskcontract.testing.soundness import check_adapters

__all__ = ["GivenTask", "calls", "check_adapters", "given_task"]
