"""An event that nobody can read ends no worker; without what that needs, gossip stays as it is."""

from __future__ import annotations

import logging
from types import SimpleNamespace
from typing import Any

import pytest
from celery.worker.consumer import Gossip

from taskcontract.celery_compat.gossip import pass_over_broken_events


class LostError(Exception):
    pass


class Hearing:
    """The part of Celery's gossip that is replaced."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.heard: list[Any] = []

    def on_message(self, prepare: Any, message: Any) -> None:
        if self.error is not None:
            raise self.error
        self.heard.append(message)

    def get_consumers(self, channel: Any) -> Any:
        return [SimpleNamespace(on_decode_error=None)]


def consume(gossip: Any) -> Any:
    return SimpleNamespace(gossip=gossip, connection_errors=(LostError, KeyError))


@pytest.mark.parametrize("error", [None, KeyError("x"), RuntimeError("x"), RecursionError()])
def test_an_event_that_cannot_be_read_is_passed_over(error: Exception | None) -> None:
    gossip = Hearing(error)
    pass_over_broken_events(consume(gossip))
    gossip.on_message(None, "event")
    assert gossip.heard == ([] if error else ["event"])
    (consumer,) = gossip.get_consumers(None)
    consumer.on_decode_error("message", ValueError())


def test_a_lost_connection_is_one() -> None:
    gossip = Hearing(LostError())
    pass_over_broken_events(consume(gossip))
    with pytest.raises(LostError):
        gossip.on_message(None, "event")


def test_celerys_gossip_has_what_is_replaced() -> None:
    assert callable(Gossip.on_message)
    assert callable(Gossip.get_consumers)
    pass_over_broken_events(SimpleNamespace())


@pytest.mark.parametrize("name", ["on_message", "get_consumers"])
def test_without_either_it_stays_as_it_is(
    name: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delattr(Hearing, name)
    gossip = Hearing()
    with caplog.at_level(logging.WARNING):
        pass_over_broken_events(consume(gossip))
    assert vars(gossip).keys() == {"error", "heard"}
    assert "an event that cannot be read may end this worker" in caplog.text
