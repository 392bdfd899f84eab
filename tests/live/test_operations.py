"""The commands that look at a running system, as a user types them, on every broker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from taskcontract.operations.served_versions import ask_workers
from tests.support.brokers import BROKERS, Room, open_room
from tests.support.closing import close_app
from tests.support.json_documents import read_document
from tests.support.own_sqs import open_quick_sqs
from tests.support.running_shop import BINDINGS, Shop, open_shop, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live


@pytest.fixture(params=["embedded"])
def shop(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shop]:
    with open_shop(tmp_path, request.param) as shop:
        yield shop


@pytest.mark.parametrize("shop", BROKERS, indirect=True)
def test_each_broker_is_looked_into_without_taking_anything(shop: Shop) -> None:
    results = [shop.send("shop.sell", "pen", priority=priority) for priority in (0, 9)]
    shop.send("shop.sell_v2", "pen", version="2.0.0", countdown=600)
    for _ in range(2):
        assert shop.in_flight() == [
            ("shop.sell", "1.0.0", "waiting"),
            ("shop.sell", "1.0.0", "waiting"),
            ("shop.sell_v2", "2.0.0", "waiting"),
        ]
    with shop.work():
        assert [result.get(timeout=10) for result in results] == [1, 1]
        # A worker needs a moment to acknowledge what it has answered.
        wait_for(lambda: [(each[0], each[2]) for each in shop.in_flight()] == [("shop.sell_v2", "scheduled")])
        both = {"shop.sell": "1.0.0", "shop.sell_v2": "2.0.0"}
        wait_for(
            lambda: both in [said.versions for said in ask_workers(shop.caller, both, timeout=1).values()]
        )
    wait_for(lambda: shop.in_flight() == [("shop.sell_v2", "2.0.0", "waiting")])


def test_the_life_of_an_old_version(shop: Shop) -> None:
    queue = shop.room.name
    assert shop.run("inspect", "--timeout", "0.5", code=1) == "shop: no worker answers\n"

    waiting = shop.send("shop.sell", "pen")
    shop.send("shop.sell_v2", "pen", version="2.0.0", countdown=600)
    lines = shop.run("inflight", "--timeout", "0.2").splitlines()
    assert lines[0].split() == ["shop.sell", "1.0.0", "waiting", "1"]
    assert lines[1].split()[:4] == ["shop.sell_v2", "2.0.0", "waiting", "1"]
    assert lines[2] == f"2 in flight for {queue}"
    retire = ("retire", "sell@1", "--timeout", "0.2")
    assert "no worker has counted calls of 'shop' yet" in shop.run("usage", code=2)
    assert "1 of its messages are in flight" in shop.run(*retire, code=1)

    with shop.work():
        assert waiting.get(timeout=10) == 1, "looking took nothing"
        assert "keeps the contract" in shop.run("inspect")
        lost = shop.send("shop.sold", "pen")
        with pytest.raises(Exception, match="no worker code"):
            lost.get(timeout=10)
        held = read_document("inflight", shop.run("inflight", "--format", "json"))["messages"]
        assert [(each["task"], each["place"]) for each in held] == [
            ("shop.sell_v2", "scheduled"),
            ("shop.sold", "quarantined"),
        ]

    usage = shop.run("usage")
    assert "sell@1.0.0: 1 consumer, last seen" in usage
    assert "sunset 2099-01-31; safe to remove: no" in usage
    told = read_document("usage", shop.run("usage", "--days", "2", "--format", "json"))
    assert told["days"] == 2
    assert [use["recent"] for use in told["services"]["shop"]["uses"]] == [True, True]
    refused = shop.run(*retire, code=1)
    assert "web called it" in refused
    assert "only, less than 30 days; --days 0 asks for less" in refused
    assert "shop.sell@1.0.0 may go" in shop.run(*retire, "--days", "0")

    quarantine = ("--queue", f"{queue}.quarantine")
    assert lost.id[:8] in shop.run("quarantine", "list", *quarantine)
    assert "reason   unknown-task" in shop.run("quarantine", "show", lost.id[:8], *quarantine)
    assert "needs an ID or a filter" in shop.run("quarantine", "drop", *quarantine, code=2)
    assert "1 message dropped" in shop.run("quarantine", "drop", "--reason", "unknown-task", *quarantine)
    assert "0 messages" in shop.run("quarantine", "list", *quarantine)
    assert "0 messages" in shop.run("quarantine", "list", "--reason", "sunset", *quarantine, code=1)


NO_ANSWER = {
    "inspect": "no worker can be asked here",
    "inflight": "cannot be looked into",
    "retire sell@1": "cannot be looked into",
}


@pytest.mark.parametrize("shop", ["sqs"], indirect=True)
def test_on_sqs_what_cannot_be_known_is_no_answer(shop: Shop) -> None:
    open_quick_sqs()
    quarantine = ("--queue", f"{shop.room.name}.quarantine")
    with shop.work():
        assert shop.send("shop.sell", "pen").get(timeout=15) == 1
        lost = shop.send("shop.sold", "pen")
        with pytest.raises(Exception, match="no worker code"):
            lost.get(timeout=10)
        for command, what in NO_ANSWER.items():
            said = shop.run(*command.split(), code=2)
            assert said.startswith("taskcontract: sqs://key:**@127.0.0.1:")
            assert what in said
            assert said.count("\n") == 2, "what is wrong, and what to do"
        assert lost.id[:8] in shop.run("quarantine", "list", *quarantine)
        assert "1 message replayed" in shop.run("quarantine", "replay", lost.id[:8], *quarantine)
    assert "sell@1.0.0: 1 consumer, last seen" in shop.run("usage")


def test_a_worker_of_another_release_is_named(tmp_path: Path) -> None:
    with open_room("embedded") as room:
        shop = Shop(tmp_path, room)
        with shop.work():
            newer = BINDINGS.replace('version="2.0.0"', 'version="2.1.0"')
            newer += '\n@shop.task(version="1.0.0")\ndef refund(number: int) -> None: ...\n'
            (tmp_path / "shop_bindings.py").write_text(newer)
            (tmp_path / "service.py").write_text("from celery import Celery\napp = Celery('shop')\n")
            drift = shop.run("inspect", code=1)
        close_app(shop.caller)
    assert "does not serve refund@1.0.0" in drift
    assert "serves 2.0.0 where the bindings declare sell@2.1.0" in drift


@pytest.mark.parametrize(
    "command", ["inflight", "inspect", "quarantine list", "retire sell@1 --without-usage"]
)
def test_a_broker_that_is_away_is_one_clear_error(tmp_path: Path, command: str) -> None:
    room = Room("x", "redis://:hunter2@127.0.0.1:1/0", "disabled://")
    message = Shop(tmp_path, room).run(*command.split(), code=2)
    assert message.startswith("taskcontract: redis://:**@127.0.0.1:1/0: ")
    assert "hunter2" not in message
