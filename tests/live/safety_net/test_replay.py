"""A replayed message goes back to the queue that it was consumed from, once, whoever is killed meanwhile."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from celery import Celery
from kombu import Exchange, Queue

from taskcontract.errors import BrokerError, UnknownTaskError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.brokers import Room, open_room
from tests.support.celery_worker import ROOT
from tests.support.closing import close_app
from tests.support.plain_worker import run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.live

ROUTED = """
import os
from celery import Celery
from kombu import Exchange, Queue
from taskcontract import embedded
from taskcontract.safety_net import install_safety_net

embedded.register()
app = Celery("routed")
room = os.environ["ROOM"]
orders = Exchange(room + ".orders", type="topic")
app.conf.task_queues = [Queue(room, orders, routing_key="order.#")]
if "PREFIX" in os.environ:
    app.conf.broker_transport_options = {"global_keyprefix": os.environ["PREFIX"]}
install_safety_net(app, quarantine=room + ".quarantine")
"""
LATER = """
@app.task(name="later")
def later(x):
    return x
"""


@pytest.fixture
def caller(room: Room) -> Iterator[Celery]:
    """One that sends through an exchange."""
    app = make_caller(room)
    yield app
    close_app(app)


def make_caller(room: Room, **settings: Any) -> Celery:
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    orders = Exchange(f"{room.name}.orders", type="topic")
    queue = Queue(room.name, orders, routing_key="order.#")
    app.conf.update(task_queues=[queue], task_default_queue=room.name, **settings)
    return app


def send(caller: Celery, room: Room, *args: Any, **options: Any) -> Any:
    """A call that the old worker refuses, whose routing key is no queue's name."""
    return caller.send_task("later", args, exchange=f"{room.name}.orders", routing_key="order.new", **options)


def refuse(result: Any) -> None:
    with pytest.raises(UnknownTaskError):
        result.get(timeout=10)


def wait_until_done(caller: Celery, *ids: str) -> list[Any]:
    wait_until(lambda: all(caller.AsyncResult(each).successful() for each in ids))
    return [caller.AsyncResult(each).get(timeout=1) for each in ids]


def test_a_message_goes_back_to_its_queue_and_not_to_its_routing_key(
    room: Room, caller: Celery, tmp_path: Path
) -> None:
    with Quarantine(caller, f"{room.name}.quarantine") as quarantine:
        with run_service(tmp_path, room, ROUTED):
            sent = [send(caller, room, 1), send(caller, room, 2, countdown=1)]
            for result in sent:
                refuse(result)
        assert {kept.note.queue for kept in quarantine.look()} == {room.name}
        with run_service(tmp_path, room, ROUTED + LATER, name="newer"):
            assert len(quarantine.replay(lambda kept: True).sent) == 2
            assert wait_until_done(caller, *(result.id for result in sent)) == [1, 2]


def test_calls_that_share_an_id_are_all_replayed(room: Room, caller: Celery, tmp_path: Path) -> None:
    with Quarantine(caller, f"{room.name}.quarantine") as quarantine, run_service(tmp_path, room, ROUTED):
        for number in (1, 2):
            send(caller, room, number, task_id=f"{room.name}-nightly")
        wait_until(lambda: len(quarantine.look()) == 2)
        aside = f"{room.name}.aside"
        with caller.connection_for_read() as connection:
            queue: Any = Queue(aside, Exchange(""), routing_key=aside)(connection.default_channel)
            queue.declare()
            assert len(quarantine.replay(lambda kept: True, to=aside).sent) == 2
            assert [queue.get(no_ack=True).payload[0] for _ in range(2)] == [[1], [2]]
            queue.delete()


def test_rabbitmq_has_to_have_the_queue(tmp_path: Path) -> None:
    with open_room("rabbitmq") as room:
        caller = make_caller(room)
        with Quarantine(caller, f"{room.name}.quarantine") as quarantine:
            with run_service(tmp_path, room, ROUTED):
                sent = send(caller, room, 1)
                refuse(sent)
            with pytest.raises(BrokerError, match="has no queue 'gone'") as caught:
                quarantine.replay(lambda kept: True, to="gone")
            assert "name another queue" in caught.value.do
            assert [kept.id for kept in quarantine.look()] == [sent.id]
        close_app(caller)


QUORUM = """
import os
from celery import Celery
from taskcontract.safety_net import install_safety_net

app = Celery("quorum")
app.conf.task_default_queue = os.environ["ROOM"]
app.conf.task_default_queue_type = "quorum"
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")
"""


def test_a_countdown_on_a_quorum_queue_goes_back_to_that_queue(tmp_path: Path) -> None:
    """Celery has RabbitMQ delay it, by a routing key of its own."""
    with open_room("rabbitmq") as room:
        caller = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
        caller.conf.update(task_default_queue=room.name, task_default_queue_type="quorum")
        with Quarantine(caller, f"{room.name}.quarantine") as quarantine:
            with run_service(tmp_path, room, QUORUM):
                sent = caller.send_task("later", (1,), countdown=1)
                refuse(sent)
            assert [kept.note.queue for kept in quarantine.look()] == [room.name]
            with run_service(tmp_path, room, QUORUM + LATER, name="newer"):
                quarantine.replay(lambda kept: True)
                assert wait_until_done(caller, sent.id) == [1]
        close_app(caller)


def keep_some(room: Room, number: int, **options: Any) -> Celery:
    """A caller, with calls in quarantine that no worker has to put there."""
    caller = make_caller(room)
    note = {"reason": "unknown-task", "queue": room.name, "at": "2026-01-01T00:00:00.000+00:00"}
    with caller.producer_or_acquire() as producer:
        for index in range(number):
            producer.publish(
                [[index], {}, {}],
                routing_key=f"{room.name}.quarantine",
                headers={"task": "later", "id": f"{room.name}-{index}", "taskcontract-quarantine": note},
                declare=[
                    Queue(f"{room.name}.quarantine", Exchange(""), routing_key=f"{room.name}.quarantine")
                ],
                serializer="json",
                **options,
            )
    return caller


def waiting(caller: Celery, room: Room) -> list[int]:
    """What was sent back, in the order of the queue."""
    found: list[int] = []
    with caller.connection_for_read() as connection:
        queue: Any = Queue(room.name, Exchange(""), routing_key=room.name)
        while (message := queue(connection.default_channel).get(no_ack=True)) is not None:
            found.append(message.payload[0][0])
    return found


DYING = """
import os, signal, sys
from celery import Celery
from taskcontract import embedded
from taskcontract.safety_net.quarantine import Quarantine

embedded.register()
broker, name = sys.argv[1:]
quarantine = Quarantine(Celery(broker=broker, backend="disabled://"), name + ".quarantine")
left = 2

def act(each, channel):
    global left
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    left -= 1
    each.move(name)

quarantine._visit(act, ())
"""


def test_an_operator_who_is_killed_loses_nothing(room: Room, tmp_path: Path) -> None:
    if room.broker.startswith("amqp"):
        with run_service(tmp_path, room, ROUTED):
            pass  # the queue must be there
    caller = keep_some(room, 5)
    command = [sys.executable, "-c", DYING, room.broker, room.name]
    assert subprocess.run(command, timeout=60, check=False, cwd=ROOT).returncode == -9
    with Quarantine(caller, f"{room.name}.quarantine") as quarantine:
        wait_until(lambda: len(quarantine.look()) == 3)  # RabbitMQ has to notice
        assert len(quarantine.replay(lambda kept: True).sent) == 3
        assert quarantine.look() == []
    assert waiting(caller, room) == [0, 1, 2, 3, 4]
    close_app(caller)


def test_looking_disturbs_nothing_and_two_operators_send_each_message_once(redis_room: Room) -> None:
    caller = keep_some(redis_room, 200)
    with Quarantine(caller, f"{redis_room.name}.quarantine") as quarantine:
        seen: list[int] = []
        quarantine._visit(lambda *_: seen.append(len(quarantine.look())) if len(seen) < 3 else None, ())
        assert seen == [200] * 3, "another one sees them too"
        threads = [threading.Thread(target=quarantine.replay, args=(lambda kept: True,)) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert quarantine.look() == []
    assert sorted(waiting(caller, redis_room)) == list(range(200))
    close_app(caller)


def test_a_prefix_of_the_keys_is_respected(redis_room: Room, tmp_path: Path) -> None:
    prefix = f"{redis_room.name}:"
    caller = make_caller(redis_room, broker_transport_options={"global_keyprefix": prefix})
    with Quarantine(caller, f"{redis_room.name}.quarantine") as quarantine:
        with run_service(tmp_path, redis_room, ROUTED, PREFIX=prefix):
            sent = send(caller, redis_room, 1)
            refuse(sent)
        assert [kept.id for kept in quarantine.look()] == [sent.id]
        with run_service(tmp_path, redis_room, ROUTED + LATER, name="newer", PREFIX=prefix):
            quarantine.replay(lambda kept: True)
            assert wait_until_done(caller, sent.id) == [1]
    close_app(caller)
