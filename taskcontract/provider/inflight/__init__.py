"""What is in flight for a service: waiting, unacknowledged or scheduled, looked at without taking it."""

from __future__ import annotations

from taskcontract.provider.inflight.finding import Findings, find_in_flight
from taskcontract.provider.inflight.message import InFlight

__all__ = ["Findings", "InFlight", "find_in_flight"]
