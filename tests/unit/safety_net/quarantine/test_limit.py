"""How many messages a quarantine takes, and how often that is asked."""

from __future__ import annotations

from typing import Any

import pytest
from celery import Celery

from taskcontract.errors import ConfigError
from taskcontract.safety_net import install_safety_net
from taskcontract.safety_net.quarantine import LIMIT, WHEN_FULL, Limit, QuarantineFullError, read_limit
from taskcontract.safety_net.quarantine.limit import ASKED_AFTER, ASKED_OFTEN_AFTER, MOST_KEPT


class Broker:
    """One whose clock is the test's."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kept: int = 0) -> None:
        self.kept, self.asked, self.now = kept, 0, 0.0
        monkeypatch.setattr("time.monotonic", lambda: self.now)

    def count(self) -> int:
        self.asked += 1
        return self.kept

    def keep(self, limit: Limit, number: int = 1) -> None:
        for _ in range(number):
            limit.demand_room("q", self.count)
            self.kept += 1


def test_it_takes_as_many_as_it_may_and_asks_once(monkeypatch: pytest.MonkeyPatch) -> None:
    broker, limit = Broker(monkeypatch), Limit(100)
    broker.keep(limit, 100)
    with pytest.raises(QuarantineFullError, match=r"'q' is full: it has 100 messages, and takes 100"):
        broker.keep(limit)
    assert (broker.kept, broker.asked) == (100, 1)


def test_it_is_asked_again_now_and_then_and_often_where_it_is_nearly_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broker, limit = Broker(monkeypatch), Limit(100)
    broker.keep(limit)
    broker.now += ASKED_AFTER - 1
    broker.keep(limit)
    assert broker.asked == 1
    broker.now += 1
    broker.kept = 95  # by other workers
    broker.keep(limit)
    assert broker.asked == 2
    broker.now += ASKED_OFTEN_AFTER
    broker.kept = 100
    with pytest.raises(QuarantineFullError):
        broker.keep(limit)
    assert broker.asked == 3


def test_it_takes_more_once_there_is_room(monkeypatch: pytest.MonkeyPatch) -> None:
    broker, limit = Broker(monkeypatch, kept=7), Limit(7)
    for _ in range(3):
        with pytest.raises(QuarantineFullError):
            broker.keep(limit)
    assert broker.asked == 1, "not for each message"
    broker.kept = 6
    broker.now += ASKED_OFTEN_AFTER
    broker.keep(limit)
    assert broker.kept == 7


def test_without_a_bound_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    broker = Broker(monkeypatch, kept=10**9)
    broker.keep(Limit(0))
    assert broker.asked == 0


def test_the_app_says_what_it_is() -> None:
    app = Celery(set_as_current=False)
    assert (read_limit(app.conf).most, read_limit(app.conf).discards) == (MOST_KEPT, False)
    install_safety_net(app, quarantine_limit=5, when_full="discard")
    assert (read_limit(app.conf).most, read_limit(app.conf).discards) == (5, True)
    install_safety_net(app)  # as a provider does
    assert (read_limit(app.conf).most, read_limit(app.conf).discards) == (5, True)


WRONG: dict[str, Any] = {"quarantine_limit": [-1, "7", 1.5, True], "when_full": ["drop-oldest", "", ["wait"]]}


@pytest.mark.parametrize(("option", "value"), [(name, value) for name in WRONG for value in WRONG[name]])
def test_what_is_no_option_is_refused_where_it_is_given(option: str, value: Any) -> None:
    app = Celery(set_as_current=False)
    with pytest.raises(ConfigError, match="a quarantine"):
        install_safety_net(app, **{option: value})
    key = {"quarantine_limit": LIMIT, "when_full": WHEN_FULL}[option]
    assert app.conf.get(key) is None
    app.conf[key] = value
    with pytest.raises(ConfigError):
        read_limit(app.conf)
