"""How long is slept between two looks."""

from __future__ import annotations

import pytest

from taskcontract.embedded.polling import INTERVAL, choose_nap, choose_wait


@pytest.mark.parametrize(
    ("idle", "nap"),
    [(0, 0.0005), (0.005, 0.001), (0.01, INTERVAL), (0.2, INTERVAL), (0.5, 0.005), (2, 0.02), (3600, 0.02)],
)
def test_a_consumer_looks_often_while_messages_come(idle: float, nap: float) -> None:
    assert choose_nap(idle) == pytest.approx(nap)


@pytest.mark.parametrize(
    ("interval", "idle", "nap"), [(0.1, 600, 1), (0.1, 1, 0.1), (0.0001, 0, 0.0001), (0.0001, 60, 0.001)]
)
def test_the_interval_sets_the_pace(interval: float, idle: float, nap: float) -> None:
    assert choose_nap(idle, interval) == pytest.approx(nap)


@pytest.mark.parametrize(
    ("waited", "interval", "wait"),
    [(0, 0.5, 0.0005), (0.1, 0.5, 0.005), (10, 0.5, 0.02), (10, 0.001, 0.001), (0, 0.0001, 0.0001)],
)
def test_a_caller_waits_five_percent_more_at_most(waited: float, interval: float, wait: float) -> None:
    assert choose_wait(waited, interval) == pytest.approx(wait)
