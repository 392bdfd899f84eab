"""pytest interrupted or killed: the worker stops by itself, and cleans up."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from taskcontract.model.contract import ProviderState
from tests.support.shop_project import SHOP, ask

if TYPE_CHECKING:
    from tests.support.shop_project import ShopProject


@pytest.mark.parametrize(("kill", "code"), [(signal.SIGINT, 2), (signal.SIGKILL, -9)])
def test_end_while_a_task_hangs(kill: signal.Signals, code: int, broker: str, project: ShopProject) -> None:
    project.write_contract(ask("hang"))
    process = project.start_pytest("--taskcontract-broker", broker, "--taskcontract-timeout", "50")
    project.wait_for(lambda: project.read("journal.txt"))
    process.send_signal(kill)
    output, _ = process.communicate(timeout=20)
    assert process.returncode == code, output
    project.wait_for(lambda: not project.processes())
    project.wait_for(lambda: not list(project.tmp.iterdir()))


def test_kill_while_the_worker_hangs_at_import(project: ShopProject) -> None:
    project.write("shop.py", f"import time\nopen('journal.txt', 'w').write('here')\ntime.sleep(60)\n{SHOP}")
    project.write_contract(ask("plain"))
    process = project.start_pytest()
    project.wait_for(lambda: project.read("journal.txt"))
    process.kill()
    process.communicate(timeout=20)
    project.wait_for(lambda: not project.processes())
    project.wait_for(lambda: not list(project.tmp.iterdir()))


def test_kill_of_the_worker(project: ShopProject) -> None:
    # The second is asked in a state, so that it is not on its way when the worker dies: of two, neither
    # would be known to be the one.
    stocked = (ProviderState("in stock", {"item": "nuts"}),)
    project.write_contract(ask("hang"), ask("order", "nuts", 1, states=stocked, result="s3://nuts/7"))
    process = project.start_pytest()
    project.wait_for(lambda: project.read("journal.txt"))
    (worker,) = [each for each in project.processes() if "worker_process" in " ".join(each.cmdline())]
    worker.kill()
    output, _ = process.communicate(timeout=40)
    assert "the worker died (killed by SIGKILL) while it ran this task" in output
    assert "1 failed, 1 passed" in output
