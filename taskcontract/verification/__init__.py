"""A live worker, matchers, provider states, the verifier."""

from __future__ import annotations

from taskcontract.verification import match

__all__ = ["match"]
