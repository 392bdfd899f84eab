"""What is in flight for a service: waiting, unacknowledged or scheduled, looked at without taking it."""

from __future__ import annotations

from taskcontract.operations.inflight.brokers import Look
from taskcontract.operations.inflight.fate import Fate
from taskcontract.operations.inflight.finding import Findings, find_in_flight
from taskcontract.operations.inflight.message import InFlight

__all__ = ["Fate", "Findings", "InFlight", "Look", "find_in_flight"]
