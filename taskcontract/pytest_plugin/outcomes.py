"""The outcomes of a session in its main process, also where pytest-xdist ran the tests in others."""

from __future__ import annotations

import pickle
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from taskcontract.reporting.contracts.replayed import Unreplayed
    from taskcontract.verification.outcome import Outcome

__all__ = ["OUTCOMES", "OutcomeKeeper"]

OUTPUT_KEY = "taskcontract-outcomes"


class OutcomeKeeper:
    """Keeps the outcome of each interaction, for the report at the end of the session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.outcomes: list[Outcome] = []
        self.unreplayed: list[Unreplayed] = []

    def keep(self, outcome: Outcome) -> None:
        """Add what an interaction that was replayed in this process came to."""
        self.outcomes.append(outcome)

    def keep_unreplayed(self, unreplayed: Unreplayed) -> None:
        """Add what could not be replayed in this process."""
        self.unreplayed.append(unreplayed)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over the outcomes of a process of pytest-xdist, if it came to its end."""
        handed_over = getattr(node, "workeroutput", {}).get(OUTPUT_KEY)
        if handed_over is not None:
            # From a process that this one has started, of the same checkout.
            outcomes, unreplayed = pickle.loads(b64decode(handed_over))  # noqa: S301
            self.outcomes += outcomes
            self.unreplayed += unreplayed

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Hand the outcomes over to the main process of pytest-xdist, in one of its others."""
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT_KEY] = b64encode(pickle.dumps((self.outcomes, self.unreplayed))).decode()


OUTCOMES: pytest.StashKey[OutcomeKeeper] = pytest.StashKey()
