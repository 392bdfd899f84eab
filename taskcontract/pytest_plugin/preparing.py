"""Whether something is done in this process before or after each test, by others than pytest and us."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

__all__ = ["prepared_by_others"]

OWN = ("_pytest.", "taskcontract.")


def prepared_by_others(config: pytest.Config) -> bool:
    """Return whether others have hooks around each test, which may clean what states have made."""
    around = config.hook.pytest_runtest_setup, config.hook.pytest_runtest_teardown
    found = [each for hook in around for each in hook.get_hookimpls()]
    return any(not each.function.__module__.startswith(OWN) for each in found)
