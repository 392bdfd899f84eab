"""A quarantine that is full: what is in it stays, and what finds no room comes in when there is some."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

import pytest
from celery import Celery

from taskcontract.errors import UnknownTaskError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.closing import close_app
from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.brokers import Room

pytestmark = pytest.mark.live

FULL = "is full: it has 3 messages, and takes 3"


def limited(when_full: str) -> str:
    return f'{PLAIN}\ninstall_safety_net(app, quarantine_limit=3, when_full="{when_full}")\n'


MEASURED = f"""{limited("discard")}
from celery.signals import worker_ready
from prometheus_client import start_http_server

@worker_ready.connect
def serve(**_):
    server, _ = start_http_server(0, "127.0.0.1")
    Path("port").write_text(str(server.server_port))
"""


def send(caller: Celery, number: int) -> list[Any]:
    return [caller.send_task("unknown", (index,)) for index in range(number)]


def ids_of(quarantine: Quarantine) -> set[str]:
    return {each.id for each in quarantine.look()}


def test_what_finds_no_room_waits_and_nothing_is_lost(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    with run_service(tmp_path, room, limited("wait")):
        sent = send(caller, 7)
        wait_until(lambda: FULL in log.read_text())
        assert caller.send_task("add", (1, 2)).get(timeout=20) == 3, "others are served"
        first = ids_of(quarantine)
        assert len(first) == 3
        assert "`taskcontract quarantine replay` or `drop` some of them" in log.read_text()
        quarantine.drop(lambda _: True)
        wait_until(lambda: len(second := ids_of(quarantine)) == 3 and second.isdisjoint(first))
        second = ids_of(quarantine)
    # The worker gives back what it has not acknowledged: the last one, which the next worker keeps.
    quarantine.drop(lambda _: True)
    with run_service(tmp_path, room, limited("wait")):
        (last,) = wait_until(lambda: ids_of(quarantine))
    assert first | second | {last} == {each.id for each in sent}
    assert "Traceback" not in log.read_text()


def find_tags(client: Any, ids: set[str]) -> list[bytes]:
    """Under which tags Redis has noted the messages of these ids as not acknowledged."""
    notes = client.hgetall("unacked").items()
    return [tag for tag, note in notes if any(each.encode() in note for each in ids)]


def test_what_redis_gives_again_while_it_waits_is_kept_once(redis_room: Room, tmp_path: Path) -> None:
    room = redis_room
    app = Celery("caller", broker=room.broker, backend=room.backend, set_as_current=False)
    app.conf.update(task_default_queue=room.name, result_extended=False)
    quarantine = Quarantine(app, f"{room.name}.quarantine")
    with run_service(tmp_path, room, limited("wait")), app.connection_for_write() as connection:
        channel: Any = connection.default_channel
        waiting = {each.id for each in send(app, 6)}
        wait_until(lambda: len(quarantine.look()) == 3)
        waiting -= {each.id for each in quarantine.look()}
        for _ in range(3):
            assert app.send_task("add", (1, 2)).get(timeout=20) == 3, "all before it are looked at"
            tags = find_tags(channel.client, waiting)
            assert len(tags) == 3
            for tag in tags:  # as any worker does after the visibility timeout
                channel.qos.restore_by_tag(tag.decode())
        assert app.send_task("add", (1, 2)).get(timeout=20) == 3
        quarantine.drop(lambda _: True)
        wait_until(lambda: ids_of(quarantine) == waiting)
        (last,) = send(app, 1)
        quarantine.drop(lambda _: True)
        wait_until(lambda: ids_of(quarantine) == {last.id})
        assert find_tags(channel.client, waiting) == []
    log = (tmp_path / "worker.log").read_text()
    assert all(log.count(f"kept in quarantine (unknown-task): unknown[{each}]") == 1 for each in waiting)
    quarantine.close()
    close_app(app)


def test_what_finds_no_room_can_be_discarded_and_is_told_of(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    log = tmp_path / "worker.log"
    with run_service(tmp_path, room, limited("discard")):
        sent = send(caller, 5)
        for result in sent:
            with pytest.raises(UnknownTaskError):
                result.get(timeout=20)
        kept = ids_of(quarantine)
        assert len(kept) == 3
        gone = {each.id for each in sent} - kept
        lines = [line for line in log.read_text().splitlines() if FULL in line]
        assert all(any(f"unknown[{each}]" in line for line in lines) for each in gone)
        assert caller.send_task("add", (1, 2)).get(timeout=10) == 3


def test_the_metrics_say_how_much_is_kept_and_since_when(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    name = f'{{queue="{quarantine.name}"}}'
    port, started = tmp_path / "port", time.time()

    def read() -> dict[str, float]:
        with urlopen(f"http://127.0.0.1:{port.read_text()}/metrics", timeout=10) as page:
            lines = [line for line in page.read().decode().splitlines() if not line.startswith("#")]
        return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines}

    with run_service(tmp_path, room, MEASURED):
        wait_until(lambda: port.exists() and port.read_text())
        for result in send(caller, 5):
            with pytest.raises(UnknownTaskError):
                result.get(timeout=20)
        seen = wait_until(
            lambda: found if (found := read()).get(f"taskcontract_quarantine_messages{name}") == 3 else None
        )
        assert seen is not None
        age = seen[f"taskcontract_quarantine_oldest_seconds{name}"]
        assert age >= 0
        assert started + age <= time.time()
        label = '{outcome="%s",reason="unknown-task"}'
        assert seen[f"taskcontract_refused_total{label % 'kept'}"] == 3
        assert seen[f"taskcontract_refused_total{label % 'discarded'}"] == 2
    assert len(ids_of(quarantine)) == 3, "it is only looked at"
