"""What tests import: a fake of a service for its callers, calls drawn from types, a check of adapters.

All but the fake need Hypothesis: `pip install taskcontract[testing]`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lazy_names import find_lazily

__all__ = [
    "Answers",
    "FakeCall",
    "FakeService",
    "GivenTask",
    "calls",
    "check_adapters",
    "fake_service",
    "given_task",
]

if TYPE_CHECKING:
    from taskcontract.testing.fake_answers import Answers
    from taskcontract.testing.fake_calls import FakeCall
    from taskcontract.testing.faking import FakeService, fake_service
    from taskcontract.testing.given import GivenTask, calls, given_task
    from taskcontract.testing.soundness import check_adapters
else:
    # A caller's unit tests load no provider, and need no Hypothesis.
    __getattr__, __dir__ = find_lazily(
        __name__,
        {
            "Answers": "taskcontract.testing.fake_answers",
            "FakeCall": "taskcontract.testing.fake_calls",
            "FakeService": "taskcontract.testing.faking",
            "GivenTask": "taskcontract.testing.given",
            "calls": "taskcontract.testing.given",
            "check_adapters": "taskcontract.testing.soundness",
            "fake_service": "taskcontract.testing.faking",
            "given_task": "taskcontract.testing.given",
        },
    )
