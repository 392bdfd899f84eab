"""How many messages a quarantine takes, and what becomes of those behind them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal, get_args

from taskcontract.errors import BrokerError, ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LIMIT", "MOST_KEPT", "WHEN_FULL", "Limit", "QuarantineFullError", "WhenFull", "read_limit"]

LIMIT = "taskcontract_quarantine_limit"
"""The key of an app's configuration for another number than MOST_KEPT; 0 for no bound."""

WHEN_FULL = "taskcontract_quarantine_when_full"
"""The key of an app's configuration for what to do when it is full: see WhenFull."""

MOST_KEPT = 100_000
"""Messages that a quarantine takes unless its app says otherwise: as many as one look at it reads."""

WhenFull = Literal["wait", "discard"]
"""`wait`: a message is not acknowledged before there is room for it. `discard`: it is logged, its caller is
notified, and it is gone. Neither removes a message that is kept."""

ASKED_AFTER, ASKED_OFTEN_AFTER = 10.0, 1.0
"""Seconds between two questions how many are kept, and where nine tenths of the bound are there."""

NEAR = 0.9
"""The share of the bound from which on others are asked for more often."""


class QuarantineFullError(BrokerError):
    """The quarantine is full."""


class Limit:
    """The bound of one quarantine. Each worker counts what it keeps, and asks now and then for all others."""

    def __init__(self, most: int = MOST_KEPT, when_full: WhenFull = "wait") -> None:
        if not isinstance(most, int) or isinstance(most, bool) or most < 0:
            raise ConfigError(
                f"a quarantine of {most!r} messages", do="Give a number of messages, or 0 for no bound."
            )
        if when_full not in get_args(WhenFull):
            raise ConfigError(
                f"a quarantine that does {when_full!r} when it is full",
                do=f"It can do one of these: {', '.join(map(repr, get_args(WhenFull)))}.",
            )
        self.most = most
        self.discards = when_full == "discard"
        self._kept = 0
        self._asked_at = float("-inf")

    def demand_room(self, name: str, count: Callable[[], int]) -> None:
        """Let one more message into the quarantine `name`; a QuarantineFullError where there is no room.

        `count` asks the broker how many are there.
        """
        if not self.most:
            return
        is_near = self._kept >= NEAR * self.most
        if time.monotonic() - self._asked_at >= (ASKED_OFTEN_AFTER if is_near else ASKED_AFTER):
            self._kept = count()
            self._asked_at = time.monotonic()
        if self._kept >= self.most:
            raise QuarantineFullError(
                f"the quarantine {name!r} is full: it has {self._kept:,} messages, and takes {self.most:,}",
                do="`taskcontract quarantine replay` or `drop` some of them (`drop --older-than 30d`), or "
                "raise its limit: install_safety_net(app, quarantine_limit=...).",
            )
        self._kept += 1


def read_limit(conf: Any) -> Limit:
    """Return the bound that an app is configured with; raise a ConfigError for a bad one."""
    return Limit(conf.get(LIMIT, MOST_KEPT), conf.get(WHEN_FULL, "wait"))
