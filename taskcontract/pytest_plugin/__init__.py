"""The pytest plugin: options, collection, fixtures; thin. `ContractFixture` is the type of its `contract`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from taskcontract.lazy_names import find_lazily

__all__ = ["ContractFixture"]

if TYPE_CHECKING:
    from taskcontract.pytest_plugin.recording import ContractFixture
else:
    __getattr__, __dir__ = find_lazily(__name__, {"ContractFixture": "taskcontract.pytest_plugin.recording"})
