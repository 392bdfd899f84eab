"""Owners of claimed messages: who lives, who is dead, and what becomes of the claims."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from taskcontract.embedded.process_lock import find_dead, find_process_lock, is_alive
from taskcontract.embedded.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.process

CLAIM_ONE = """
import sys, time
from pathlib import Path
from taskcontract.embedded.process_lock import find_process_lock
from taskcontract.embedded.spool import Spool
folder = Path(sys.argv[1])
assert Spool(folder).claim("q")
print(find_process_lock(folder).name, flush=True)
"""


@contextmanager
def run_claimer(folder: Path, then: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a process that claims a message; give it and the name of its owner."""
    command = [sys.executable, "-c", CLAIM_ONE + then, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, process.stdout.readline().strip()
        process.kill()


def test_a_killed_consumer_loses_nothing(folder: Path) -> None:
    spool = Spool(folder)
    spool.put("q", b"one")
    with run_claimer(folder, "time.sleep(60)") as (process, owner):
        assert is_alive(folder, owner)
        assert spool.rescue() == 0
        assert spool.claim("q") is None
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)
    assert not is_alive(folder, owner)
    assert spool.rescue() == 1
    claimed = spool.claim("q")
    assert claimed is not None
    assert claimed[1] == b"one"
    assert sorted(path.name for path in (folder / "claims").iterdir()) == sorted(
        [find_process_lock(folder).name, f"{find_process_lock(folder).name}.lock"]
    )


def test_a_stopped_consumer_keeps_its_messages(folder: Path) -> None:
    spool = Spool(folder)
    spool.put("q", b"one")
    with run_claimer(folder, "time.sleep(60)") as (process, owner):
        process.send_signal(signal.SIGSTOP)
        assert is_alive(folder, owner)
        assert spool.rescue() == 0


def test_a_child_that_outlives_its_parent_does_not_hold_the_claims(folder: Path) -> None:
    spool = Spool(folder)
    spool.put("q", b"one")
    fork = """
import os
reader, writer = os.pipe()
if child := os.fork():
    os.read(reader, 1)
    print(child, flush=True)
else:
    os.write(writer, b"!")
time.sleep(60)
"""
    with run_claimer(folder, fork) as (process, owner):
        assert process.stdout is not None
        child = int(process.stdout.readline())
        try:
            assert is_alive(folder, owner)
            process.kill()
            process.wait(timeout=10)
            assert spool.rescue() == 1
        finally:
            os.kill(child, signal.SIGKILL)


def test_what_a_process_did_not_settle_outlives_its_regular_end(folder: Path) -> None:
    spool = Spool(folder)
    spool.put("q", b"one")
    with run_claimer(folder, "") as (process, _):
        process.wait(timeout=10)
    assert spool.rescue() == 1


def test_a_process_that_settled_all_leaves_no_trace(folder: Path) -> None:
    spool = Spool(folder)
    spool.put("q", b"one")
    mine = "folder / 'claims' / find_process_lock(folder).name / 'q'"
    settle = f"for claimed in ({mine}).iterdir(): claimed.unlink()"
    with run_claimer(folder, settle) as (process, _):
        process.wait(timeout=10)
    assert list((folder / "claims").iterdir()) == []


def test_two_rescuers_do_not_meet(folder: Path) -> None:
    spool = Spool(folder)
    for _ in range(3):
        spool.put("q", b"one")
        with run_claimer(folder, "time.sleep(60)"):
            pass
    first: Any
    second: Any
    first, second = find_dead(folder), find_dead(folder)
    seen = [next(first), next(second)]
    assert len(set(seen)) == 2
    first.close()
    second.close()


def test_one_process_has_one_owner_per_folder(folder: Path, tmp_path: Path) -> None:
    assert find_process_lock(folder) is find_process_lock(folder)
    assert find_process_lock(folder).name != find_process_lock(tmp_path).name


def test_an_owner_nobody_heard_of_is_dead(folder: Path) -> None:
    assert not is_alive(folder, "1-2-3")


@pytest.mark.parametrize("name", ["", "../queues/shop", "a" * 5_000, "\ud800", "[None]", "1-2-"])
def test_what_is_no_owner_s_name_is_nobody_s(tmp_path: Path, name: str) -> None:
    for folder in ("claims", "queues"):
        (tmp_path / folder).mkdir()
    with (tmp_path / "queues" / "shop.lock").open("w") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        assert not is_alive(tmp_path, name)
