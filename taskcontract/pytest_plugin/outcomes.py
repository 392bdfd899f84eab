"""What a session came to, in its main process, also where pytest-xdist ran the tests in others."""

from __future__ import annotations

import pickle
from base64 import b64decode, b64encode
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from taskcontract.reporting.contracts.replayed import Unreplayed
    from taskcontract.verification.outcome import Outcome

__all__ = ["OUTCOMES", "OutcomeKeeper", "Outcomes"]

OUTPUT_KEY = "taskcontract-outcomes"


@dataclass
class Outcomes:
    """What the tests of one process came to, and what the end of the session says besides."""

    outcomes: list[Outcome] = field(default_factory=list)
    unreplayed: list[Unreplayed] = field(default_factory=list)
    skipped: dict[Path, str] = field(default_factory=dict)
    """The JSON files of the contract folders that were left out, each with the reason."""
    unsent: dict[str, None] = field(default_factory=dict)
    """The tasks that were sent no example, each with the reason."""
    results: dict[Path, bool] = field(default_factory=dict)
    """The results file if it was changed, and whether it was not there before."""
    troubles: dict[str, None] = field(default_factory=dict)
    """What went wrong at the end: what could not be written, or may be left behind."""

    def add(self, other: Outcomes) -> None:
        """Add what another process came to; what both say stands once."""
        for each in fields(self):
            mine, its = getattr(self, each.name), getattr(other, each.name)
            if isinstance(mine, list):
                mine += its
            else:
                mine |= its


class OutcomeKeeper:
    """Brings what the processes of pytest-xdist came to into the one that shows the end of the session."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.all = Outcomes()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a process of pytest-xdist came to, if it got to its end."""
        handed_over = getattr(node, "workeroutput", {}).get(OUTPUT_KEY)
        if handed_over is not None:
            # From a process that this one has started, of the same checkout.
            self.all.add(pickle.loads(b64decode(handed_over)))  # noqa: S301

    def hand_over(self) -> None:
        """Hand all over to the main process of pytest-xdist, in one of its others; nothing elsewhere."""
        output: dict[str, Any] | None = getattr(self._config, "workeroutput", None)
        if output is not None:
            output[OUTPUT_KEY] = b64encode(pickle.dumps(self.all)).decode()


OUTCOMES: pytest.StashKey[OutcomeKeeper] = pytest.StashKey()
