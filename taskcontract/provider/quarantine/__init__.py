"""The quarantine: a queue on the same broker for messages that a worker cannot serve."""

from __future__ import annotations

from taskcontract.provider.quarantine.kept import Kept, Note
from taskcontract.provider.quarantine.store import SETTING, Quarantine

__all__ = ["SETTING", "Kept", "Note", "Quarantine"]
