"""Each worker's answer is got once, in whatever order and however late they come."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, ClassVar

import pytest
from celery import Celery

from taskcontract.brokers.workers import FURTHER, NoBroadcastError, Workers
from taskcontract.errors import BrokerError

if TYPE_CHECKING:
    from collections.abc import Callable

Replies = list[dict[str, Any]]


class Control:
    """Celery's control, with replies that are known beforehand; keeps what was asked of whom."""

    script: ClassVar[list[Replies]] = []
    asked: ClassVar[list[tuple[str, list[str] | None, int | None]]] = []
    given: ClassVar[list[float]] = []

    def __init__(self, app: Any) -> None:
        self.mailbox = SimpleNamespace(producer_pool="the app's")

    def broadcast(
        self,
        command: str,
        *,
        destination: Any,
        limit: Any,
        timeout: float,
        callback: Callable[[dict[str, Any]], None],
        **_: Any,
    ) -> None:
        self.asked.append((command, destination, limit))
        self.given.append(timeout)
        for reply in self.script.pop(0):
            callback(reply)


CONNECTION = SimpleNamespace(as_uri=lambda: "broker://", default_channel=None)
OURS, PLAIN = "shop.sell [taskcontract_implemented_as=shop.sell_v2]", "add"
BOTH: Replies = [{"w1": [OURS]}, {"w2": [PLAIN]}]


def workers(*script: Replies) -> Workers:
    Control.script, Control.asked, Control.given = list(script), [], []
    return Workers(SimpleNamespace(control=Control(None)), CONNECTION, 1.0)  # type: ignore[arg-type]


def test_where_no_question_reaches_all_none_is_asked() -> None:
    """Kombu drops what is sent to all of them on such a transport, and says nothing."""
    app = Celery(broker="sqs://", set_as_current=False)
    mute = SimpleNamespace(as_uri=lambda: "sqs://", default_channel=SimpleNamespace(supports_fanout=False))
    with pytest.raises(NoBroadcastError, match="no worker can be asked here"):
        Workers(app, mute, 1.0)


def test_it_is_known_who_serves_what_and_who_is_ours() -> None:
    known = workers(BOTH)
    assert known.registered == [("w1", {"shop.sell"}), ("w2", {"add"})]
    assert known.ours == {"w1"}
    assert known.knowing(["shop.sell", "x"]) == {"w1"}
    assert known.knowing([]) == set()


def test_only_those_that_are_chosen_are_asked_and_no_longer_than_they_take() -> None:
    assert workers(BOTH, [{"w1": 5}]).ask("versions", ["w1", "unknown"]) == [("w1", 5)]
    assert Control.asked[1:] == [("versions", ["w1"], 1)]
    assert workers(BOTH).ask("versions", []) == []
    assert len(Control.asked) == 1


def test_two_of_one_name_answer_both() -> None:
    twins: Replies = [{"w1": []}, {"w1": []}]
    held: list[Any] = workers(twins, [{"w1": ["a"]}, {"w1": ["b"]}]).ask_held("active", ["w1"])
    assert held == ["a", "b"]
    assert Control.asked[1:] == [("active", ["w1"], 2)]


@pytest.mark.parametrize("needed", [[], ["w2"], ["w1"]])
def test_who_is_missing_is_asked_again_and_missed_where_it_matters(needed: list[str]) -> None:
    assert workers(BOTH, [{"w2": 1}], [{"w1": 0}, {"w2": 1}]).ask("q", ["w1", "w2"], needed=needed) == [
        ("w1", 0),
        ("w2", 1),
    ]
    assert Control.asked[1:] == [("q", ["w1", "w2"], 2), ("q", ["w1", "w2"], None)]
    known = workers(BOTH, [{"w2": 1}], [{"w2": 1}])
    if needed == ["w1"]:
        with pytest.raises(BrokerError, match="w1 answered once and not again"):
            known.ask("q", ["w1", "w2"], needed=needed)
    else:
        assert known.ask("q", ["w1", "w2"], needed=needed) == [("w2", 1)]


def test_a_worker_that_is_known_to_be_there_has_longer_to_answer() -> None:
    workers(BOTH, [{"w1": 5}]).ask("q", ["w1"])
    assert Control.given == [1.0, FURTHER]
    twins: Replies = [{"w1": []}, {"w1": []}]
    workers(twins, [{"w1": 1}], [{"w1": 1}]).ask("q", ["w1"])
    assert Control.given == [1.0, 1.0, 1.0], "of two that share a name, one may never answer"
    late = workers(twins, [{"w1": 1}], [{"w1": 1}, {"w1": 2}])
    assert late.ask("q", ["w1"], needed=["w1"]) == [("w1", 1), ("w1", 2)]
    assert Control.given == [1.0, 1.0, FURTHER], "where both answers are needed, the other may be busy"


def test_a_worker_that_has_ended_is_waited_for_once() -> None:
    known = workers(BOTH, [{"w2": 1}], [{"w2": 1}], [{"w2": 2}])
    assert known.ask("q", ["w1", "w2"]) == [("w2", 1)]
    assert known.ask("r", ["w1", "w2"]) == [("w2", 2)]
    assert Control.asked[-1] == ("r", ["w2"], 1)
    with pytest.raises(BrokerError, match="w1 answered once and not again"):
        known.ask("r", ["w1"], needed=["w1"])


def test_a_worker_that_answers_with_an_error_is_named() -> None:
    known = workers(BOTH, [{"w1": {"error": "KeyError()"}}])
    with pytest.raises(BrokerError, match="w1 gives no answer but"):
        known.ask_held("active", ["w1"])
