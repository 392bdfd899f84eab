"""A live worker, matchers, provider states, the verifier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lazy_names import find_lazily
from taskcontract.verification import match

__all__ = ["Outcome", "Verification", "Verifier", "match", "read_config"]

if TYPE_CHECKING:
    from taskcontract.model.config import read_config
    from taskcontract.verification.outcome import Outcome, Verification
    from taskcontract.verification.verifier import Verifier
else:
    # Contract tests import `match` from here, and start no worker.
    __getattr__, __dir__ = find_lazily(
        __name__,
        {
            "Outcome": "taskcontract.verification.outcome",
            "Verification": "taskcontract.verification.outcome",
            "Verifier": "taskcontract.verification.verifier",
            "read_config": "taskcontract.model.config",
        },
    )
