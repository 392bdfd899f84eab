"""A rehearsal: what becomes of each message in flight at another version of what serves it."""

from __future__ import annotations

from taskcontract.diff.receiver import SpecReceiver
from taskcontract.operations.rehearsal.bindings_receiver import BindingsReceiver
from taskcontract.operations.rehearsal.receivers import Receiver
from taskcontract.operations.rehearsal.rehearsing import Rehearser
from taskcontract.operations.rehearsal.schedule import rehearse_schedule
from taskcontract.operations.rehearsal.summary import Group, Rehearsal, summarise

__all__ = [
    "BindingsReceiver",
    "Group",
    "Receiver",
    "Rehearsal",
    "Rehearser",
    "SpecReceiver",
    "rehearse_schedule",
    "summarise",
]
