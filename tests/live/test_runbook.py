"""Each command of the runbook, run where all of its alerts have fired, and held against what it shows."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from taskcontract.errors import RefusedMessageError
from taskcontract.safety_net.quarantine import Quarantine
from tests.support.celery_worker import ROOT
from tests.support.document import make_path
from tests.support.markdown_blocks import matches, read_blocks, read_commands
from tests.support.running_shop import Shop, open_shop
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.live

RUNBOOK = ROOT / "docs/operations/runbook.md"
MARK = "<!-- not run: tests/live/test_runbook.py does -->"
ID = "3c042092"

BINDINGS = """
import os
from taskcontract import Service

shop = Service("shop", queue=os.environ["ROOM"])

@shop.task(version="1.0.0", sunset="2020-01-31")
def sell(item: str) -> int: ...

@shop.task(version="2.0.0", supersedes=sell)
def sell_v2(item: str) -> int: ...

@shop.task(version="1.0.0", sunset="2099-01-31")
def lend(item: str) -> int: ...

@shop.task(version="2.0.0", supersedes=lend)
def lend_v2(item: str, days: int = 1) -> int: ...
"""

SERVICE = """
import os
from celery import Celery
from shop_bindings import lend, lend_v2, sell_v2, shop
from taskcontract import Provider
from taskcontract.safety_net import install_safety_net

app = Celery("shop")
app.conf.task_default_queue = os.environ["ROOM"]
provider = Provider(app, shop)
install_safety_net(app, quarantine=os.environ["ROOM"] + ".quarantine")

@provider.implements(sell_v2)
def serve(item: str) -> int:
    return 1

@provider.implements(lend_v2)
def give(item: str, days: int = 1) -> int:
    return days

@provider.upcasts(lend)
def for_a_day(item: str):
    "One day."
    return lend_v2.call(item)
"""


@pytest.fixture(scope="module")
def woken(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop whose worker has refused a call for each reason that the runbook is about."""
    with open_shop(tmp_path_factory.mktemp("shop"), "embedded") as shop:
        (shop.folder / "shop_bindings.py").write_text(BINDINGS)
        (shop.folder / "service.py").write_text(SERVICE)
        with shop.work():
            assert shop.send("shop.lend", "pen").get(timeout=20) == 1
            refused = [shop.send(f"shop.{name}", "pen") for name in ("sold", "lost", "sell")]
            refused.append(shop.send("shop.lend_v2", "pen", "many", version="2.0.0"))
            refused.append(shop.send("shop.lend", "pen", serializer="pickle"))
            for each in refused:
                with pytest.raises(RefusedMessageError):
                    each.get(timeout=20)
            yield shop


def test_what_the_runbook_says_to_do_can_be_done(woken: Shop) -> None:
    quarantine = Quarantine(woken.caller, f"{woken.room.name}.quarantine")
    reasons = sorted(each.note.reason for each in quarantine.look())
    assert reasons == ["arguments", "content-type", "sunset", "unknown-task", "unknown-task"]
    text = RUNBOOK.read_text("utf-8")
    assert text.count(MARK) == text.count("```console"), "all of them are run here"
    commands = 0
    for block in read_blocks(text.replace(MARK, "")):
        *earlier, last = read_commands(block)
        for command in (*earlier, last):
            # What is replayed comes back, as nothing was deployed.
            wait_until(lambda: len(quarantine.look()) >= 3)
            shown = next((each.id for each in quarantine.look() if each.note.reason == "arguments"), "")
            done = subprocess.run(
                ["bash", "-c", command.text.replace(ID, shown[:8])],
                cwd=woken.folder,
                env={**os.environ, **woken.environment, "PATH": make_path(os.environ), "COLUMNS": "200"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                timeout=60,
                check=False,
            )
            assert done.returncode == (block.exits if command is last else 0), (command.text, done.stdout)
            assert command.expected is None or matches(command.expected, done.stdout), (
                command.text,
                done.stdout,
            )
            commands += 1
    assert commands > 15
    left = {each.task for each in quarantine.look()}
    assert "shop.sold" not in left, "it was dropped"
    assert "shop.lost" in left
