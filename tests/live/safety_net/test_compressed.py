"""Compressed messages: none unpacks to more than the bound, and each is kept as it was sent."""

from __future__ import annotations

import bz2
import lzma
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.plain_worker import PLAIN, run_service
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    import subprocess

    from celery import Celery

    from taskcontract.safety_net.quarantine import Kept, Quarantine
    from tests.support.brokers import Room

pytestmark = pytest.mark.live

MB = 1024**2
LARGE = 200 * MB
BOMBS = {
    "application/x-gzip": zlib.compress(bytes(LARGE)),
    "bzip2": bz2.compress(bytes(LARGE)),
    "xz": lzma.compress(bytes(LARGE)),
}
ALIASES = "\n".join(
    ["- &a0 [x, x, x, x, x, x, x, x, x]"]
    + [f"- &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, 9)]
)

NEWER = PLAIN.replace('name="add"', 'name="newer"')

YAML = PLAIN + 'app.conf.accept_content = ["json", "yaml"]\n'


def peak_of(worker: subprocess.Popen[bytes]) -> int:
    """The most memory that the worker's main process ever had, in bytes."""
    status = Path(f"/proc/{worker.pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def send(app: Celery, queue: str, body: Any, headers: dict[str, Any], kind: str = "application/json") -> None:
    with app.producer_or_acquire() as producer:
        producer.publish(
            body, routing_key=queue, headers=headers, content_type=kind, content_encoding="utf-8"
        )


def wait_for_kept(quarantine: Quarantine, number: int) -> list[Kept]:
    return wait_until(lambda: kept if len(kept := quarantine.look()) >= number else [])


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the kernel does not tell")
def test_a_bomb_is_refused_within_bounds_and_kept_compressed(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room) as worker:
        assert caller.send_task("add", (1, 2), compression="gzip").get(timeout=10) == 3
        before = peak_of(worker)
        for task in ("add", "none"):
            for compression, bomb in BOMBS.items():
                headers = {"task": task, "id": f"{task} {compression}", "compression": compression}
                send(caller, room.name, bomb, headers)
        kept = wait_for_kept(quarantine, 2 * len(BOMBS))
        for task in ("add", "none"):
            mine = [each for each in kept if each.id.startswith(f"{task} ")]
            assert {each.headers["compression"]: each.body for each in mine} == BOMBS
        assert {each.note.reason for each in kept} == {"unreadable"}
        assert all("unpacks to more than 32 MB" in each.note.explanation for each in kept)
        assert caller.send_task("add", (1, 2)).get(timeout=10) == 3
        assert peak_of(worker) - before < 100 * MB


def test_a_compressed_message_is_replayed_as_it_was_sent(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room):
        result = caller.send_task("newer", (1, 2), kwargs={}, compression="bzip2")
        (kept,) = wait_for_kept(quarantine, 1)
        assert kept.headers["compression"] == "application/x-bz2"
        assert bz2.decompress(kept.body).startswith(b"[[1, 2], {}")
        assert kept.text.startswith("[[1, 2], {}")
    quarantine.replay(lambda _: True)
    connection: Any
    with caller.connection_for_read() as connection:
        message = connection.default_channel.basic_get(room.name, no_ack=False)
        read = connection.default_channel.message_to_python(message)
        assert read.headers == kept.headers
        assert read.payload[0] == [1, 2]
        read.requeue()
    with run_service(tmp_path, room, NEWER, name="newer"):
        # Not by the same result, which keeps that the call was refused.
        wait_until(lambda: caller.AsyncResult(result.id).state == "SUCCESS")


def test_a_yaml_text_of_aliases_is_refused_unread(
    room: Room, caller: Celery, quarantine: Quarantine, tmp_path: Path
) -> None:
    with run_service(tmp_path, room, YAML):
        send(caller, room.name, ALIASES, {"task": "add", "id": "y"}, "application/x-yaml")
        (kept,) = wait_for_kept(quarantine, 1)
        assert "aliases stand for more than" in kept.note.explanation
        shared = [1]
        twice = caller.send_task("add", (shared, shared), serializer="yaml")
        assert twice.get(timeout=10) == [1, 1]
