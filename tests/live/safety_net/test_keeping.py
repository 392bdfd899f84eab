"""Messages that a worker cannot serve are kept, and those who wait for them are told, on every broker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery, chain, chord, group

from taskcontract.errors import (
    RefusedArgumentsError,
    RefusedContentError,
    SunsetError,
    UnknownTaskError,
    UnreadableMessageError,
)
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.brokers import Room, open_room
from tests.support.closing import close_app
from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.live

SUB = """
@app.task(name="sub")
def sub(x, y):
    return x - y
"""

BOUND = """
import os
from datetime import date
from celery import Celery
from taskcontract import Provider, Service
from taskcontract.safety_net import install_safety_net

app = Celery("bound")
app.conf.task_default_queue = os.environ["ROOM"]
shop = Service("stall", queue=os.environ["ROOM"])

@shop.task(version="1.0.0", sunset="2026-01-31")
def sell(item: str) -> int: ...

@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str, count: int = 1) -> int: ...

provider = Provider(app, shop, today=lambda: date(2026, 2, 1))
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")
provider.implements(sell_v2)(lambda item, count=1: count)
"""


def test_a_plain_worker_keeps_what_it_cannot_serve(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    def sign(name: str, *args: Any) -> Any:
        return caller.signature(name, args=args)

    with run_service(tmp_path, room):
        assert caller.send_task("add", (1, 2)).get(timeout=10) == 3
        waiting = {
            "caller": caller.send_task("unknown", (1, 2)),
            "chain": chain(sign("add", 1, 1), sign("unknown"), sign("add", 1), app=caller).apply_async(),
            "group": group(sign("unknown", 1), sign("add", 3, 4), app=caller).apply_async(),
            "chord": chord([sign("unknown", 1), sign("add", 3, 4)], sign("add", 1), app=caller).apply_async(),
            "errback": caller.send_task("unknown", (1,), link_error=sign("note")),
        }
        for name, result in waiting.items():
            with pytest.raises(Exception, match="no worker code for the task 'unknown'") as caught:
                result.get(timeout=10)
            assert isinstance(caught.value, UnknownTaskError) or name == "chord"
        errbacks = tmp_path / "errbacks"
        wait_until(lambda: errbacks.exists() and errbacks.read_text())  # it is there before its line is
        assert errbacks.read_text() == f"{waiting['errback'].id}\n"

        with pytest.raises(RefusedContentError, match="pickle"):
            caller.send_task("add", (1, 2), serializer="pickle").get(timeout=10)
        with caller.producer_or_acquire() as producer:
            send: Any = lambda body, **headers: producer.publish(  # noqa: E731
                body,
                routing_key=room.name,
                content_type="application/json",
                content_encoding="utf-8",
                headers=headers,
            )
            send(b'[[1, 2], {}, {"cut', task="add", id=f"{room.name}-cut")
            send(b"[[1, 2], {}, {}]", task="add", id=f"{room.name}-eta", eta="yesterday")
            send(b'{"no": "task"}')
        for broken in ("cut", "eta"):
            with pytest.raises(UnreadableMessageError):
                caller.AsyncResult(f"{room.name}-{broken}").get(timeout=10)
        assert caller.send_task("add", (2, 2)).get(timeout=10) == 4, "the worker goes on"

    kept = quarantine.look()
    reasons = [each.note.reason for each in kept]
    assert {reason: reasons.count(reason) for reason in reasons} == {
        "unknown-task": 5,
        "content-type": 1,
        "unreadable": 3,
    }
    assert all(each.note.queue == room.name and each.note.worker and each.note.at for each in kept)


def test_a_replayed_message_is_served_once(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room):
        result = chain(
            caller.signature("sub", args=(7, 2)), caller.signature("add", args=(1,)), app=caller
        ).apply_async()
        with pytest.raises(UnknownTaskError):
            result.get(timeout=10)
        kept = quarantine.look()
    assert len(kept) == 1
    with run_service(tmp_path, room, PLAIN + SUB, name="newer"):
        assert len(quarantine.replay(lambda each: each.task == "sub").sent) == 1
        assert quarantine.look() == []
        wait_until(lambda: caller.AsyncResult(result.id).successful())
        assert caller.AsyncResult(result.id).get(timeout=10) == 6
        assert quarantine.replay(lambda each: True) == ([], [])


def test_what_is_dropped_is_gone_and_the_rest_stays(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room):
        results = [caller.send_task(name, (1,)) for name in ("one", "two", "one")]
        for result in results:
            with pytest.raises(UnknownTaskError):
                result.get(timeout=10)
    assert len(quarantine.drop(lambda each: each.task == "one")) == 2
    assert [each.task for each in quarantine.look()] == ["two"]
    assert [each.arguments for each in quarantine.look()] == ["(1,)"]


def test_a_bound_worker_refuses_what_is_outside_the_contract(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room, BOUND):
        assert caller.send_task("stall.sell_v2", ("pen",), {"count": 3}).get(timeout=10) == 3
        with pytest.raises(SunsetError, match=r"sell@1\.0\.0 had its sunset on 2026-01-31") as sunset:
            caller.send_task("stall.sell", ("pen",)).get(timeout=10)
        assert "sell@2.0.0" in sunset.value.do
        for args, fact in ((("pen", "3"), "'count'"), ((), "'item'"), (("pen", 1, 2), "positional")):
            with pytest.raises(RefusedArgumentsError, match=fact):
                caller.send_task("stall.sell_v2", args).get(timeout=10)
        newer = {"taskcontract": {"version": "2.1.0", "consumer": "web"}}
        for kwargs in ({"colour": "red"}, {"count": "three"}):
            with pytest.raises(RefusedArgumentsError, match=r"its caller has version 2\.1\.0") as skew:
                caller.send_task("stall.sell_v2", ("pen",), kwargs, headers=newer).get(timeout=10)
            assert skew.value.do.startswith("Deploy the workers that serve sell@2.1.0, then")
        # RabbitMQ closes the sender's connection over headers that fill more than a frame of 128 kB.
        huge = "x" * (60_000 if room.broker.startswith("amqp") else 1_000_000)
        header: Any
        for header in (huge, 7, ["a"], {"version": "9.0.0", "consumer": 5}, {"version": {}}):
            sent = caller.send_task("stall.sell_v2", ("pen",), headers={"taskcontract": header})
            assert sent.get(timeout=10) == 1, "a header that lies is no reason to refuse"
    kept = quarantine.look()
    reasons = sorted(each.note.reason for each in kept)
    assert reasons == [*["arguments"] * 5, "sunset"]
    assert sum("quarantine replay" in each.note.do for each in kept) == 2


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_every_pool_has_the_net(pool: str, tmp_path: Path) -> None:
    with open_room("embedded") as room, run_service(tmp_path, room, PLAIN, "-P", pool, "-c", "1"):
        app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        with pytest.raises(UnknownTaskError):
            app.send_task("unknown", queue=room.name).get(timeout=10)
        assert app.send_task("add", (1, 2), queue=room.name).get(timeout=10) == 3
        with Quarantine(app, f"{room.name}.quarantine") as quarantine:
            assert len(quarantine.look()) == 1
        close_app(app)
