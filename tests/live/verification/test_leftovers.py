"""pytest and its worker are both gone before they cleaned up: the next run does it for them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from taskcontract.verification.sandbox.leftovers import clear_leftovers, join_sandbox, lock_sandbox
from taskcontract.verification.sandbox.sandbox import open_sandbox
from taskcontract.verification.verifier import Verifier
from tests.support.leftovers import find_leftovers
from tests.support.shop_project import ask

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.shop_project import ShopProject

KILL_AT_THE_END = """
import os, signal

from taskcontract.verification.sandbox.sandbox import RunSandbox

if os.environ.get("KILL_AT") == "close":
    RunSandbox.close = lambda sandbox: os.kill(os.getpid(), signal.SIGKILL)
if os.environ.get("KILL_AT") == "removal":
    def remove_half(sandbox):
        os.rename(f"{sandbox.folder}/log.jsonl", f"{sandbox.folder}/half")
        os.kill(os.getpid(), signal.SIGKILL)
    RunSandbox._remove_folder = remove_half
"""


@pytest.mark.parametrize("moment", ["close", "removal"])
def test_the_next_run_removes_what_a_killed_one_left(broker: str, project: ShopProject, moment: str) -> None:
    """It is killed when its worker has ended, and its folder is not removed yet."""
    project.write("conftest.py", KILL_AT_THE_END)
    # Nobody consumes the queue that it sends to: RabbitMQ keeps it when the worker has gone.
    project.write_contract(ask("nested", result=True))
    options = ("--taskcontract-broker", broker)
    code, _ = project.pytest(*options, KILL_AT=moment)
    assert code == -signal.SIGKILL
    project.wait_for(lambda: not project.processes())
    [left] = project.tmp.iterdir()
    if broker != "embedded" and moment == "close":
        assert find_leftovers(broker, project.read("runs.txt"))
    code, output = project.pytest(*options)
    assert code == 0, output
    assert not left.exists()
    assert find_leftovers(broker, project.read("runs.txt")) == []


def test_a_run_that_goes_on_is_left_alone(project: ShopProject) -> None:
    """Also when only its worker lives, which cleans up itself."""
    project.write_contract(ask("plain"))
    with Verifier(project.config()) as first:
        first.wait()
        before = set(project.tmp.iterdir())
        with Verifier(project.config()) as second:
            second.wait()
            assert before < set(project.tmp.iterdir())
        assert before == set(project.tmp.iterdir())


HOLD = """
import sys, time
from taskcontract.verification.sandbox.leftovers import join_sandbox
from taskcontract.verification.sandbox.sandbox import RunSandbox
join_sandbox(RunSandbox("", sys.argv[1], "", ""))
print("held", flush=True)
time.sleep(60)
"""


def test_a_run_lasts_as_long_as_its_last_process(project: ShopProject) -> None:
    own, gone = open_sandbox("embedded", None), open_sandbox("embedded", None)
    held = lock_sandbox(gone)
    with subprocess.Popen([sys.executable, "-c", HOLD, gone.folder], stdout=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == b"held\n"
        os.close(held)
        clear_leftovers(own)
        assert len(list(project.tmp.iterdir())) == 2
        worker.kill()
    clear_leftovers(own)
    assert [str(path) for path in project.tmp.iterdir()] == [own.folder]
    with pytest.raises(FileNotFoundError):
        join_sandbox(gone)
    own.close()


def test_what_is_no_run_s_is_left_alone(project: ShopProject, tmp_path: Path) -> None:
    """Nor is a link followed, nor a run's folder removed that others may write to, or that is just made."""
    own = open_sandbox("embedded", None)
    (project.tmp / "taskcontract-notes").mkdir()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").write_text("{}")
    (project.tmp / "taskcontract-0123456789-link").symlink_to(elsewhere)
    open_to_all = project.tmp / "taskcontract-0123456789-open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    (open_to_all / "lock").write_text("{}")
    damaged = project.tmp / "taskcontract-0123456789-damaged"
    damaged.mkdir(mode=0o700)
    (damaged / "lock").write_text("nothing")
    (project.tmp / "taskcontract-0123456789-begins").mkdir(mode=0o700)
    before = sorted(path.name for path in project.tmp.iterdir())
    clear_leftovers(own)
    assert sorted(path.name for path in project.tmp.iterdir()) == before
    assert (elsewhere / "lock").exists()
    long_ago = time.time() - 120
    os.utime(project.tmp / "taskcontract-0123456789-begins", (long_ago, long_ago))
    clear_leftovers(own)
    assert not (project.tmp / "taskcontract-0123456789-begins").exists()
    subprocess.run(["rm", "-r", *project.tmp.iterdir()], check=True)
