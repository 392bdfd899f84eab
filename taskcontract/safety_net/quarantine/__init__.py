"""The quarantine: a queue on the same broker for messages that a worker cannot serve."""

from __future__ import annotations

from taskcontract.safety_net.quarantine.hiding import hide_secrets
from taskcontract.safety_net.quarantine.kept import Kept, Note
from taskcontract.safety_net.quarantine.limit import (
    LIMIT,
    WHEN_FULL,
    Limit,
    QuarantineFullError,
    WhenFull,
    read_limit,
)
from taskcontract.safety_net.quarantine.measuring import Measured
from taskcontract.safety_net.quarantine.store import SETTING, Quarantine

__all__ = [
    "LIMIT",
    "SETTING",
    "WHEN_FULL",
    "Kept",
    "Limit",
    "Measured",
    "Note",
    "Quarantine",
    "QuarantineFullError",
    "WhenFull",
    "hide_secrets",
    "read_limit",
]
