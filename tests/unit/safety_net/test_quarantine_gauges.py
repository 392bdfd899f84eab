"""What is known of a quarantine is a number; what is not has none, and a gauge that says so."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from taskcontract.safety_net.quarantine import Measured
from taskcontract.safety_net.quarantine_gauges import describe_quarantines
from tests.support.scraping import read_samples

MESSAGES, OLDEST, UNKNOWN = (
    f"taskcontract_quarantine_{name}" for name in ("messages", "oldest_seconds", "unknown")
)
HOSTILE = 'q"} 1\nfake{x="\\'


class Fixed:
    """A collector of what is known of one quarantine."""

    def __init__(self, known: dict[str, Measured | None]) -> None:
        self.known = known

    def collect(self) -> list[object]:
        return describe_quarantines(self.known)


@pytest.mark.parametrize("name", ["q", HOSTILE])
@pytest.mark.parametrize(
    ("measured", "shown"),
    [
        (Measured(3, 1000.0), {MESSAGES: 3, OLDEST: 60, "unknown messages": 0, "unknown oldest_seconds": 0}),
        (Measured(0, None), {MESSAGES: 0, OLDEST: 0, "unknown messages": 0, "unknown oldest_seconds": 0}),
        (Measured(3, None), {MESSAGES: 3, "unknown messages": 0, "unknown oldest_seconds": 1}),
        (Measured(1, 2000.0), {MESSAGES: 1, OLDEST: 0, "unknown messages": 0, "unknown oldest_seconds": 0}),
        (None, {"unknown messages": 1, "unknown oldest_seconds": 1}),
    ],
)
def test_what_is_shown(
    name: str, measured: Measured | None, shown: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.time", lambda: 1060.0)
    registry = CollectorRegistry()
    registry.register(Fixed({name: measured}))  # type: ignore[arg-type]
    seen = {}
    for (sample, labels), value in read_samples(generate_latest(registry).decode()).items():
        told = dict(labels)
        assert told["queue"] == name
        seen[f"unknown {told['figure']}" if sample == UNKNOWN else sample] = value
    assert seen == shown
