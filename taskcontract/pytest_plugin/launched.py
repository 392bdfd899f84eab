"""Where the plugin leaves the process that it started for the worker, and the run takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from taskcontract.verification.worker.launch import LaunchedProcess

__all__ = ["LAUNCHED"]

LAUNCHED: pytest.StashKey[LaunchedProcess] = pytest.StashKey()
